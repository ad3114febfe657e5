import type { CheckoutMethod, PaymentStatus } from '../generated/prisma/enums.ts';

/** How a status may be followed: by which one, and what makes it so. */
export type StatusTransitions<Status extends string> = Readonly<
  Record<Status, Readonly<Partial<Record<Status, string>>>>
>;

const paid = {
  AUTHORIZED: 'the bank sets the money aside',
  CAPTURED: 'the money is taken',
  QUARANTINED: 'what came is not what was asked for',
} as const;
const lost = {
  FAILED: 'the payer or the bank declines',
  EXPIRED: 'nobody paid in time',
  CANCELLED: 'a newer attempt takes its place',
} as const;
/** Banks answer late: a payment that looked lost can still be captured. */
const late = {
  AUTHORIZED: 'late success',
  CAPTURED: 'late success',
  QUARANTINED: 'what came late is not what was asked for',
} as const;

/**
 * Which status may follow which. Everything that is not here does not happen, whatever a vendor says and when.
 * `docs/payment-states.md` is drawn from it.
 */
export const paymentTransitions: StatusTransitions<PaymentStatus> = {
  CREATED: {
    PENDING: 'the gateway has an order',
    UNKNOWN: "the gateway's answer is lost",
    ...paid,
    ...lost,
  },
  UNKNOWN: { PENDING: 'the order is found or made', ...paid, ...lost },
  PENDING: { ...paid, ...lost },
  AUTHORIZED: { CAPTURED: paid.CAPTURED, QUARANTINED: paid.QUARANTINED, ...lost },
  FAILED: late,
  EXPIRED: late,
  CANCELLED: late,
  CAPTURED: { PARTIALLY_REFUNDED: 'a part is given back', REFUNDED: 'all is given back' },
  PARTIALLY_REFUNDED: { REFUNDED: 'the rest is given back', CAPTURED: 'the bank returns the refund' },
  REFUNDED: { PARTIALLY_REFUNDED: 'the bank returns a refund', CAPTURED: 'the bank returns the refund' },
  QUARANTINED: {},
};

export function canFollow(from: PaymentStatus, to: PaymentStatus): boolean {
  return Object.hasOwn(paymentTransitions[from], to);
}

/** States in which the payer may still be about to pay. */
export const openStatuses: readonly PaymentStatus[] = ['CREATED', 'UNKNOWN', 'PENDING', 'AUTHORIZED'];

/** States in which nobody is asked to pay any more, though money may still come. */
const lostStatuses: readonly PaymentStatus[] = ['FAILED', 'EXPIRED', 'CANCELLED'];

/** Whether the vendor has a QR code that nobody shall scan any more. */
export function isQrCodeOver(payment: {
  readonly checkout: CheckoutMethod;
  readonly status: PaymentStatus;
  readonly vendorOrderId: string | null;
}): boolean {
  const { checkout, status, vendorOrderId } = payment;
  return checkout === 'UPI_QR' && vendorOrderId !== null && lostStatuses.includes(status);
}

/** States in which we hold money of the payer. */
export const heldStatuses: readonly PaymentStatus[] = ['CAPTURED', 'PARTIALLY_REFUNDED'];

/** Whether the payer's money may still come: also of a payment that looks lost, because banks answer late. */
export function canBePaid(status: PaymentStatus): boolean {
  return canFollow(status, 'CAPTURED') && !isMoneyTaken(status);
}

/** Whether the money was taken, whatever became of it then. */
export function isMoneyTaken(status: PaymentStatus): boolean {
  return status === 'REFUNDED' || heldStatuses.includes(status);
}

/** States in which nobody knows a vendor order yet. */
export function isUnplaced(status: PaymentStatus): boolean {
  return status === 'CREATED' || status === 'UNKNOWN';
}

export function isOpen(status: PaymentStatus): boolean {
  return openStatuses.includes(status);
}

/** The status of a payment that was captured, by how much of it was given back. */
export function toRefundedStatus(payment: {
  readonly amountMinor: bigint;
  readonly refundedMinor: bigint;
}): PaymentStatus {
  if (payment.refundedMinor === 0n) return 'CAPTURED';
  return payment.refundedMinor < payment.amountMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
}
