import { createContextLoader } from '@suvidha/subgraph';
import type { PaymentService } from './payment.service.ts';

export function createPaymentLoaders(payments: PaymentService) {
  return {
    byId: createContextLoader((ids, { actor }) => payments.findVisible(actor, ids)),
    byBill: createContextLoader((billIds, { actor }) => payments.listByPayable(actor, 'BILL', billIds)),
  };
}

export type PaymentLoaders = ReturnType<typeof createPaymentLoaders>;
