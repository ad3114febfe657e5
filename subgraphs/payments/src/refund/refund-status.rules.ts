import type { RefundStatus } from '../generated/prisma/enums.ts';
import type { StatusTransitions } from '../payment/payment-status.rules.ts';

const answered = {
  PENDING: 'the gateway takes it on',
  PROCESSED: 'the money is back',
  FAILED: 'the gateway or the bank refuses',
} as const;

/** Which status of a refund may follow which, drawn in `docs/payment-states.md` too. */
export const refundTransitions: StatusTransitions<RefundStatus> = {
  CREATED: { ...answered, UNKNOWN: "the gateway's answer is lost" },
  UNKNOWN: answered,
  PENDING: { PROCESSED: answered.PROCESSED, FAILED: 'the bank refuses' },
  PROCESSED: { FAILED: 'the bank returns it' },
  FAILED: {},
};

export function canRefundFollow(from: RefundStatus, to: RefundStatus): boolean {
  return Object.hasOwn(refundTransitions[from], to);
}

/** States in which the vendor is still to be asked, or its answer awaited. */
export const openRefundStatuses: readonly RefundStatus[] = ['CREATED', 'UNKNOWN', 'PENDING'];

export function isRefundOpen(status: RefundStatus): boolean {
  return openRefundStatuses.includes(status);
}
