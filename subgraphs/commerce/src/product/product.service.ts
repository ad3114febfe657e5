import { isUuid } from '@suvidha/db';
import { type Money, toMoney } from '@suvidha/money';
import type { Db } from '../db.ts';
import type { Product as ProductRow } from '../generated/prisma/client.ts';
import { isSlug } from './product.rules.ts';

/** Something that can be bought. */
export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** For one piece. */
  readonly price: Money;
  readonly createdAt: Date;
}

/** Finds products. Everybody may see them all; a malformed id or slug is an unknown one. */
export class ProductService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async findByIds(ids: readonly string[]): Promise<ReadonlyMap<string, Product>> {
    const rows = await this.#db.product.findMany({ where: { id: { in: ids.filter(isUuid) } } });
    return new Map(rows.map((row) => [row.id, toProduct(row)]));
  }

  async findBySlugs(slugs: readonly string[]): Promise<ReadonlyMap<string, Product>> {
    const rows = await this.#db.product.findMany({ where: { slug: { in: slugs.filter(isSlug) } } });
    return new Map(rows.map((row) => [row.slug, toProduct(row)]));
  }

  /** The catalogue, oldest first, after an id. Answers one more than the limit where there are more. */
  async findPage({ limit, afterId }: { limit: number; afterId: string | undefined }): Promise<Product[]> {
    const rows = await this.#db.product.findMany({
      where: afterId === undefined ? {} : { id: { gt: afterId } },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
    return rows.map(toProduct);
  }
}

/** @throws RangeError when the row holds a price that is no amount of a currency of ours. */
export function toProduct({ priceMinor, currency, ...row }: ProductRow): Product {
  return { ...row, price: toMoney(priceMinor, currency) };
}
