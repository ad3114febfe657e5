import type { PaymentStatus, ReconciliationBucket, RefundStatus } from '../generated/prisma/enums.ts';
import { isMoneyTaken } from '../payment/payment-status.rules.ts';
import type { VendorPayment, VendorRefund } from '../providers/payment-gateway.ts';

interface Sum {
  readonly amountMinor: bigint;
  readonly currency: string;
}

interface OurPayment extends Sum {
  readonly status: PaymentStatus;
}

interface OurRefund extends Sum {
  readonly status: RefundStatus;
}

/** Puts a payment of ours beside all attempts to pay its order at the vendor. */
export function toBucket(ours: OurPayment, attempts: readonly VendorPayment[]): ReconciliationBucket {
  const captured = attempts.filter(({ status }) => status === 'CAPTURED');
  const [theirs] = captured;
  if (captured.length > 1) return 'DUPLICATE';
  if (!theirs) return isMoneyTaken(ours.status) ? 'MISSING_THERE' : 'MATCHED';
  if (differs(ours, theirs)) return 'AMOUNT_DIFFERS';
  return isMoneyTaken(ours.status) ? 'MATCHED' : 'MISSING_HERE';
}

/** States of a refund in which the vendor must have it. */
const toldStatuses: readonly RefundStatus[] = ['PENDING', 'PROCESSED'];

/** Puts a refund of ours beside the one that the vendor made for it. */
export function toRefundBucket(ours: OurRefund, theirs: VendorRefund | null): ReconciliationBucket {
  if (!theirs) return toldStatuses.includes(ours.status) ? 'MISSING_THERE' : 'MATCHED';
  if (differs(ours, theirs)) return 'AMOUNT_DIFFERS';
  return theirs.status === ours.status ? 'MATCHED' : 'STATUS_DIFFERS';
}

/** An amount that the vendor has not said differs from none. */
function differs(ours: Sum, theirs: { readonly amountMinor: number | null; readonly currency: string }) {
  if (theirs.currency !== ours.currency) return true;
  return theirs.amountMinor !== null && BigInt(theirs.amountMinor) !== ours.amountMinor;
}

/** The counter of a report that a bucket is counted in. */
export const counterOf = {
  MATCHED: 'matched',
  MISSING_HERE: 'missingHere',
  MISSING_THERE: 'missingThere',
  AMOUNT_DIFFERS: 'amountDiffers',
  DUPLICATE: 'duplicate',
  STATUS_DIFFERS: 'statusDiffers',
} as const satisfies Record<ReconciliationBucket, string>;

const quarterMs = 15 * 60_000;
const dayMs = 86_400_000;
/** The daily comparison comes when few people pay: 21:30 UTC, 3 o'clock in the morning in India. */
const dailyOffsetMs = 21.5 * 3_600_000;

/** When the next scheduled comparison starts: young ones every quarter of an hour, all once a day. */
export function toNextRun(scope: 'YOUNG' | 'ALL', now: Date): Date {
  const at = now.getTime();
  if (scope === 'YOUNG') return new Date((Math.floor(at / quarterMs) + 1) * quarterMs);
  const today = Math.floor((at - dailyOffsetMs) / dayMs) * dayMs + dailyOffsetMs;
  return new Date(today + dayMs);
}

/** How far back money may still come: what is older was decided by an earlier comparison. */
const windowDays = { YOUNG: 1, ALL: 6 } as const;
/** What started a moment ago is still on its way. */
const restMs = 2 * 60_000;

/** The period that a scheduled comparison looks at. */
export function toPeriod(scope: 'YOUNG' | 'ALL', now: Date): { readonly from: Date; readonly to: Date } {
  const to = new Date(now.getTime() - restMs);
  return { from: new Date(to.getTime() - windowDays[scope] * dayMs), to };
}
