import { MoneyType, type SubgraphContext, toMoneyType } from '@suvidha/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { CartItemsLoader } from './cart.reference.ts';
import { totalOf } from './cart.rules.ts';
import type { CartItem } from './cart.service.ts';
import { CartItemType, CartType } from './cart.type.ts';

@Resolver(() => CartType)
export class CartResolver {
  readonly #loadItems: CartItemsLoader;

  constructor(loadItems: CartItemsLoader) {
    this.#loadItems = loadItems;
  }

  @FieldResolver(() => [CartItemType])
  async items(@Root() { id }: CartType, @Ctx() context: SubgraphContext): Promise<readonly CartItem[]> {
    return (await this.#loadItems(context).load(id)) ?? [];
  }

  @FieldResolver(() => MoneyType)
  async total(@Root() { id }: CartType, @Ctx() context: SubgraphContext): Promise<MoneyType> {
    return toMoneyType(totalOf((await this.#loadItems(context).load(id)) ?? []));
  }
}
