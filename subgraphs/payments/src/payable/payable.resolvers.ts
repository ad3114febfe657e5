import { RequireAuth, type SubgraphContext } from '@suvidha/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { PaymentLoaders } from '../payment/payment.loaders.ts';
import { PaymentType } from '../payment/payment.type.ts';
import { toPaymentType } from '../payment/payment.view.ts';
import { BillStub, OrderStub, type PayableStub, ServicePurchaseStub } from './payable.stubs.ts';

type LoadByPayable = PaymentLoaders['byBill'];

async function list(load: LoadByPayable, { id }: PayableStub, context: SubgraphContext) {
  return ((await load(context).load(id)) ?? []).map(toPaymentType);
}

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
  payments(@Root() bill: BillStub, @Ctx() context: SubgraphContext): Promise<PaymentType[]> {
    return list(this.#load.byBill, bill, context);
  }
}

@Resolver(() => OrderStub)
export class OrderResolver {
  readonly #load: PaymentLoaders;

  constructor(load: PaymentLoaders) {
    this.#load = load;
  }

  @FieldResolver(() => [PaymentType], {
    nullable: true,
    description: 'Attempts to pay the order, newest first.',
  })
  @RequireAuth()
  payments(@Root() order: OrderStub, @Ctx() context: SubgraphContext): Promise<PaymentType[]> {
    return list(this.#load.byOrder, order, context);
  }
}

@Resolver(() => ServicePurchaseStub)
export class ServicePurchaseResolver {
  readonly #load: PaymentLoaders;

  constructor(load: PaymentLoaders) {
    this.#load = load;
  }

  @FieldResolver(() => [PaymentType], {
    nullable: true,
    description: 'Attempts to pay for the service, newest first.',
  })
  @RequireAuth()
  payments(@Root() purchase: ServicePurchaseStub, @Ctx() context: SubgraphContext): Promise<PaymentType[]> {
    return list(this.#load.byServicePurchase, purchase, context);
  }
}
