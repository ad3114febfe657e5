import { PageArgs, RequireAuth, type SubgraphContext, toConnection, toPage } from '@suvidha/subgraph';
import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { BillService } from '../bill/bill.service.ts';
import { BillConnection, BillFilterInput } from '../bill/bill.type.ts';
import type { ConnectionLoaders } from '../connection/connection.loaders.ts';
import { ConnectionType } from '../connection/connection.type.ts';
import { UserStub } from './user.stub.ts';

@Resolver(() => UserStub)
export class UserResolver {
  readonly #bills: BillService;
  readonly #loadConnection: ConnectionLoaders;

  constructor(bills: BillService, loadConnection: ConnectionLoaders) {
    this.#bills = bills;
    this.#loadConnection = loadConnection;
  }

  @FieldResolver(() => [ConnectionType], { nullable: true, description: 'What is supplied to the person.' })
  @RequireAuth()
  async connections(@Root() { id }: UserStub, @Ctx() context: SubgraphContext) {
    return (await this.#loadConnection.byCustomer(context).load(id)) ?? [];
  }

  @FieldResolver(() => BillConnection, { nullable: true, description: "The person's bills, newest first." })
  @RequireAuth()
  async bills(
    @Root() { id }: UserStub,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => BillFilterInput, { nullable: true, description: 'Which of them. Null: all.' })
    filter: BillFilterInput | null,
    @Ctx() { actor }: SubgraphContext,
  ) {
    const page = toPage(args);
    const rows = await this.#bills.listOfCustomer(actor, id, filter ?? {}, page);
    return toConnection(rows, page, (row) => row);
  }
}
