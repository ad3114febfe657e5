import { RequireAuth, type SubgraphContext } from '@suvidha/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { PaymentLoaders } from '../payment/payment.loaders.ts';
import { PaymentType } from '../payment/payment.type.ts';
import { toPaymentType } from '../payment/payment.view.ts';
import { BillStub } from './bill.stub.ts';

@Resolver(() => BillStub)
export class BillResolver {
  readonly #load: PaymentLoaders;

  constructor(load: PaymentLoaders) {
    this.#load = load;
  }

  @FieldResolver(() => [PaymentType], {
    nullable: true,
    description: 'Attempts to pay the bill, newest first.',
  })
  @RequireAuth()
  async payments(@Root() { id }: BillStub, @Ctx() context: SubgraphContext): Promise<PaymentType[]> {
    return ((await this.#load.byBill(context).load(id)) ?? []).map(toPaymentType);
  }
}
