import type { PaymentStatus } from '../generated/prisma/enums.ts';

const open: readonly PaymentStatus[] = [
  'AUTHORIZED',
  'CAPTURED',
  'FAILED',
  'EXPIRED',
  'CANCELLED',
  'QUARANTINED',
];
/** Banks answer late: a payment that looked lost can still be captured. */
const late: readonly PaymentStatus[] = ['AUTHORIZED', 'CAPTURED', 'QUARANTINED'];

/** Which status may follow which. Everything that is not here does not happen, whatever a vendor says and when. */
export const paymentTransitions: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  CREATED: ['PENDING', 'UNKNOWN', ...open],
  UNKNOWN: ['PENDING', ...open],
  PENDING: open,
  AUTHORIZED: ['CAPTURED', 'FAILED', 'EXPIRED', 'CANCELLED', 'QUARANTINED'],
  FAILED: late,
  EXPIRED: late,
  CANCELLED: late,
  CAPTURED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  PARTIALLY_REFUNDED: ['REFUNDED'],
  REFUNDED: [],
  QUARANTINED: [],
};

export function canFollow(from: PaymentStatus, to: PaymentStatus): boolean {
  return paymentTransitions[from].includes(to);
}

/** States in which the payer may still be about to pay. */
export const openStatuses: readonly PaymentStatus[] = ['CREATED', 'UNKNOWN', 'PENDING', 'AUTHORIZED'];

/** Whether the payer's money may still come: also of a payment that looks lost, because banks answer late. */
export function canBePaid(status: PaymentStatus): boolean {
  return canFollow(status, 'CAPTURED');
}

/** States in which nobody knows a vendor order yet. */
export function isUnplaced(status: PaymentStatus): boolean {
  return status === 'CREATED' || status === 'UNKNOWN';
}

export function isOpen(status: PaymentStatus): boolean {
  return openStatuses.includes(status);
}
