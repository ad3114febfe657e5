import { assertUser } from '@suvidha/auth';
import { RequireAuth, type SubgraphContext } from '@suvidha/subgraph';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { ConnectionLoaders } from './connection.loaders.ts';
import { ConnectionType } from './connection.type.ts';

@Resolver(() => ConnectionType)
export class ConnectionResolver {
  readonly #load: ConnectionLoaders;

  constructor(load: ConnectionLoaders) {
    this.#load = load;
  }

  @Query(() => [ConnectionType], { nullable: true, description: 'The connections of whoever asks.' })
  @RequireAuth()
  async connections(@Ctx() context: SubgraphContext) {
    const { userId } = assertUser(context.actor);
    return (await this.#load.byCustomer(context).load(userId)) ?? [];
  }

  @Query(() => ConnectionType, {
    nullable: true,
    description: 'A connection. Null: there is none, or it is not yours.',
  })
  @RequireAuth()
  connection(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Ctx() context: SubgraphContext,
  ) {
    return this.#load.byId(context).load(id);
  }
}
