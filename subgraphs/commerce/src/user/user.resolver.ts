import type { SubgraphContext } from '@suvidha/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { CartLoader } from '../cart/cart.reference.ts';
import { CartType } from '../cart/cart.type.ts';
import { UserStub } from './user.stub.ts';

/** What this subgraph contributes to a person. */
@Resolver(() => UserStub)
export class UserResolver {
  readonly #loadByUser: CartLoader;

  constructor(loadByUser: CartLoader) {
    this.#loadByUser = loadByUser;
  }

  @FieldResolver(() => CartType, {
    nullable: true,
    description:
      'What the person has put aside to buy, for themself only. Null: nothing so far, or it is not yours.',
  })
  cart(@Root() { id }: UserStub, @Ctx() context: SubgraphContext): Promise<object | null> {
    return this.#loadByUser(context).load(id);
  }
}
