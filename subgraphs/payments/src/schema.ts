import { type BuiltSubgraph, buildSubgraph, mapEvents } from '@suvidha/subgraph';
import { BillResolver } from './bill/bill.resolver.ts';
import { BillStub } from './bill/bill.stub.ts';
import { createPaymentLoaders } from './payment/payment.loaders.ts';
import { PaymentResolver } from './payment/payment.resolver.ts';
import type { PaymentService } from './payment/payment.service.ts';
import { toPaymentType, toStatusEvent } from './payment/payment.view.ts';
import { UserResolver } from './user/user.resolver.ts';
import { UserStub } from './user/user.stub.ts';

export interface PaymentsServices {
  readonly payments: PaymentService;
}

/** The payments subgraph: its own types over its services, and what it adds to types of others. */
export function buildPaymentsSchema({ payments }: PaymentsServices): Promise<BuiltSubgraph> {
  const load = createPaymentLoaders(payments);
  return buildSubgraph({
    resolvers: [PaymentResolver, BillResolver, UserResolver],
    orphanedTypes: [UserStub, BillStub],
    references: {
      Payment: async ({ id }, context) => {
        const payment = await load.byId(context).load(String(id));
        return payment && toPaymentType(payment);
      },
      Bill: ({ id }) => ({ id }),
      User: ({ id }) => ({ id }),
    },
    subscriptions: {
      paymentStatusChanged: async ({ paymentId, after }, { actor }) =>
        mapEvents(await payments.watch(actor, String(paymentId), after as string | null), toStatusEvent),
    },
    instances: [new PaymentResolver(payments, load), new BillResolver(load), new UserResolver(payments)],
  });
}
