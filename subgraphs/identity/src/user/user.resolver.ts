import { Public, type SubgraphContext } from '@suvidha/subgraph';
import { Ctx, Query, Resolver } from 'type-graphql';
import type { UserLoader } from './user.reference.ts';
import { UserType } from './user.type.ts';

@Resolver(() => UserType)
export class UserResolver {
  readonly #load: UserLoader;

  constructor(load: UserLoader) {
    this.#load = load;
  }

  @Query(() => UserType, { nullable: true, description: 'Who is logged in. Null: nobody is.' })
  @Public()
  me(@Ctx() context: SubgraphContext): Promise<object | null> | null {
    const { actor } = context;
    return actor.kind === 'user' ? this.#load(context).load(actor.userId) : null;
  }
}
