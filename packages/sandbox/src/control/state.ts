import { toOrderView, toRefundView, toTransactionView } from '../paytm/entity.ts';
import type { Paytm } from '../paytm/paytm.ts';
import { toOrderEntity, toPaymentEntity, toRefundEntity } from '../razorpay/entity.ts';
import type { Razorpay } from '../razorpay/razorpay.ts';
import type { Faults } from './faults.ts';

/**
 * What every party holds, newest first, in that party's own shapes.
 *
 * @param limit how many of each at most; all when absent
 */
export function toState(
  parts: { razorpay: Razorpay; paytm: Paytm; faults: Faults },
  { limit }: { limit?: number | undefined },
): Record<string, unknown> {
  return {
    razorpay: toRazorpayState(parts.razorpay, limit),
    paytm: toPaytmState(parts.paytm, limit),
    holds: parts.faults.holds.state(),
    scenarios: parts.faults.scenarios.list(),
  };
}

function toRazorpayState({ account, webhooks, qrCodes }: Razorpay, limit: number | undefined) {
  return {
    orders: newest(account.orders.values(), limit).map(toOrderEntity),
    payments: newest(account.payments.values(), limit).map(toPaymentEntity),
    refunds: newest(account.refunds.values(), limit).map(toRefundEntity),
    qrCodes: newest(account.qrCodes.values(), limit).map((code) => qrCodes.toEntity(qrCodes.refresh(code))),
    webhookUrl: webhooks.url,
    webhooks: webhooks.list().slice(0, limit),
  };
}

function toPaytmState({ account, webhooks, mid }: Paytm, limit: number | undefined) {
  return {
    orders: newest(account.orders.values(), limit).map((order) =>
      toOrderView(order, account.transactionOf(order.id), mid),
    ),
    payments: newest(account.transactions.values(), limit).map(toTransactionView),
    refunds: newest(account.refunds.values(), limit).map(toRefundView),
    webhookUrl: webhooks.url,
    webhooks: webhooks.list().slice(0, limit),
  };
}

function newest<T>(oldestFirst: Iterable<T>, limit: number | undefined): T[] {
  return [...oldestFirst].reverse().slice(0, limit);
}
