import type { Actor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import type { Db } from '../db.ts';
import type { Cart, Prisma } from '../generated/prisma/client.ts';
import { type Product, toProduct } from '../product/product.service.ts';

export interface CartItem {
  readonly product: Product;
  readonly quantity: number;
}

/** Finds carts: a person their own, a service all. Absent and not-yours give the same answer. */
export class CartService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Those among `ids` that the actor may see. */
  async findVisible(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Cart>> {
    const carts = await this.#findMany(actor, { id: { in: ids.filter(isUuid) } });
    return new Map(carts.map((cart) => [cart.id, cart]));
  }

  /** The carts of people by user id, with the same rule. */
  async findVisibleByUser(actor: Actor, userIds: readonly string[]): Promise<ReadonlyMap<string, Cart>> {
    const carts = await this.#findMany(actor, { userId: { in: userIds.filter(isUuid) } });
    return new Map(carts.map((cart) => [cart.userId, cart]));
  }

  /** What is in carts, by cart id, in the catalogue's order. For carts that the caller was found to see. */
  async findItems(cartIds: readonly string[]): Promise<ReadonlyMap<string, readonly CartItem[]>> {
    const rows = await this.#db.cartItem.findMany({
      where: { cartId: { in: [...cartIds] } },
      include: { product: true },
      orderBy: { productId: 'asc' },
    });
    const items = rows.map(({ cartId, product, quantity }) => ({
      cartId,
      product: toProduct(product),
      quantity,
    }));
    return Map.groupBy(items, ({ cartId }) => cartId);
  }

  async #findMany(actor: Actor, wanted: Prisma.CartWhereInput): Promise<Cart[]> {
    const visible = visibleTo(actor);
    return visible === null ? [] : this.#db.cart.findMany({ where: { AND: [wanted, visible] } });
  }
}

/** Which rows the actor may see. Null: none. */
function visibleTo(actor: Actor): Prisma.CartWhereInput | null {
  switch (actor.kind) {
    case 'anonymous':
      return null;
    case 'user':
      return { userId: actor.userId };
    case 'service':
      return {};
  }
}
