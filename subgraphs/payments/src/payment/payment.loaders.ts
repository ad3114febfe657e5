import { createContextLoader } from '@suvidha/subgraph';
import type { PayableType } from '../generated/prisma/enums.ts';
import type { ReceiptService } from '../receipt/receipt.service.ts';
import type { RefundService } from '../refund/refund.service.ts';
import type { PaymentService } from './payment.service.ts';

export function createPaymentLoaders({
  payments,
  refunds,
  receipts,
}: {
  readonly payments: PaymentService;
  readonly refunds: RefundService;
  readonly receipts: ReceiptService;
}) {
  const byPayable = (type: PayableType) =>
    createContextLoader((ids, { actor }) => payments.listByPayable(actor, type, ids));
  return {
    byId: createContextLoader((ids, { actor }) => payments.findVisible(actor, ids)),
    byBill: byPayable('BILL'),
    byOrder: byPayable('ORDER'),
    byServicePurchase: byPayable('SERVICE_PURCHASE'),
    refundById: createContextLoader((ids, { actor }) => refunds.findVisible(actor, ids)),
    receiptBySubject: createContextLoader((ids) => receipts.findBySubject(ids)),
    refundsByPayment: createContextLoader((paymentIds) => refunds.listByPayment(paymentIds)),
  };
}

export type PaymentLoaders = ReturnType<typeof createPaymentLoaders>;
