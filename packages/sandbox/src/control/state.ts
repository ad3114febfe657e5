import { toOrderEntity, toPaymentEntity, toRefundEntity } from '../razorpay/entity.ts';
import type { Razorpay } from '../razorpay/razorpay.ts';
import type { Faults } from './faults.ts';

/**
 * What every party holds, newest first, in that party's own shapes.
 *
 * @param limit how many of each at most; all when absent
 */
export function toState(
  parts: { razorpay: Razorpay; faults: Faults },
  { limit }: { limit?: number | undefined },
): Record<string, unknown> {
  const { account, webhooks } = parts.razorpay;
  return {
    razorpay: {
      orders: newest(account.orders.values(), limit).map(toOrderEntity),
      payments: newest(account.payments.values(), limit).map(toPaymentEntity),
      refunds: newest(account.refunds.values(), limit).map(toRefundEntity),
      webhookUrl: webhooks.subscription.url,
      webhooks: webhooks.list().slice(0, limit),
    },
    holds: parts.faults.holds.state(),
    scenarios: parts.faults.scenarios.list(),
  };
}

function newest<T>(oldestFirst: Iterable<T>, limit: number | undefined): T[] {
  return [...oldestFirst].reverse().slice(0, limit);
}
