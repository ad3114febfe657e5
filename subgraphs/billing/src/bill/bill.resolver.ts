import { assertUser } from '@suvidha/auth';
import { toMoney } from '@suvidha/money';
import {
  Decimal,
  MoneyType,
  PageArgs,
  RequireAuth,
  type SubgraphContext,
  toConnection,
  toMoneyType,
  toPage,
} from '@suvidha/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { ConnectionLoaders } from '../connection/connection.loaders.ts';
import { ConnectionType } from '../connection/connection.type.ts';
import type { BillLoaders } from './bill.loaders.ts';
import { dueMinor } from './bill.rules.ts';
import type { BillService } from './bill.service.ts';
import { BillConnection, BillFilterInput, BillType, PaymentRequest } from './bill.type.ts';

type BillRow = Parameters<BillService['requestPayment']>[1];

@Resolver(() => BillType)
export class BillResolver {
  readonly #bills: BillService;
  readonly #load: BillLoaders;
  readonly #loadConnection: ConnectionLoaders;

  constructor(bills: BillService, load: BillLoaders, loadConnection: ConnectionLoaders) {
    this.#bills = bills;
    this.#load = load;
    this.#loadConnection = loadConnection;
  }

  @Query(() => BillConnection, { nullable: true, description: 'The bills of whoever asks, newest first.' })
  @RequireAuth()
  async bills(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => BillFilterInput, { nullable: true, description: 'Which of them. Null: all.' })
    filter: BillFilterInput | null,
    @Ctx() { actor }: SubgraphContext,
  ) {
    const page = toPage(args);
    const rows = await this.#bills.listOfCustomer(actor, assertUser(actor).userId, filter ?? {}, page);
    return toConnection(rows, page, (row) => row);
  }

  @Query(() => BillType, { nullable: true, description: 'A bill. Null: there is none, or it is not yours.' })
  @RequireAuth()
  bill(@Arg('id', () => ID, { description: 'Which bill.' }) id: string, @Ctx() context: SubgraphContext) {
    return this.#load.byId(context).load(id);
  }

  @Query(() => BillType, {
    nullable: true,
    description: 'A bill by the number printed on it. Null: there is none, or it is not yours.',
  })
  @RequireAuth()
  billByNumber(
    @Arg('billNumber', () => String, { description: 'The number printed on the bill.' }) billNumber: string,
    @Ctx() context: SubgraphContext,
  ) {
    return this.#load.byNumber(context).load(billNumber);
  }

  @FieldResolver(() => MoneyType, { description: 'What the bill came to.' })
  amount(@Root() { amountMinor, currency }: BillRow): MoneyType {
    return toMoneyType(toMoney(amountMinor, currency));
  }

  @FieldResolver(() => MoneyType, { description: 'What is still owed.' })
  amountDue(@Root() bill: BillRow): MoneyType {
    return toMoneyType(toMoney(dueMinor(bill), bill.currency));
  }

  @FieldResolver(() => ConnectionType, { nullable: true, description: 'What it bills.' })
  connection(@Root() { connectionId }: BillRow, @Ctx() context: SubgraphContext) {
    return this.#loadConnection.byId(context).load(connectionId);
  }

  @FieldResolver(() => PaymentRequest, {
    nullable: true,
    description: 'A signed statement of what is owed, good for fifteen minutes. Null: nothing is.',
  })
  async paymentRequest(
    @Root() bill: BillRow,
    @Arg('amount', () => Decimal, {
      nullable: true,
      description: 'Pay only this much of it. Null: all that is due.',
    })
    amount: string | null,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<PaymentRequest | null> {
    const request = await this.#bills.requestPayment(actor, bill, amount);
    return request && { ...request, amount: toMoneyType(request.amount) };
  }
}
