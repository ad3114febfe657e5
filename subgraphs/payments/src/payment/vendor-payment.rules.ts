import type { PaymentStatus } from '../generated/prisma/enums.ts';
import type { VendorPayment } from '../providers/payment-gateway.ts';

interface Expected {
  readonly status: PaymentStatus;
  readonly vendorPaymentId: string | null;
  readonly vendorOrderId: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** What of money that came was not as asked. */
export type Mismatch = 'ORDER' | 'AMOUNT' | 'CURRENCY';

/**
 * The status that a vendor's word leads to, or null when it says nothing new. Money that does not match what was
 * asked for is set apart and never counted as paid.
 */
export function toStatus(expected: Expected, vendor: VendorPayment): PaymentStatus | null {
  if (vendor.status === 'CREATED') return null;
  if (vendor.status === 'FAILED') return isOutweighed(expected, vendor) ? null : 'FAILED';
  return findMismatch(expected, vendor) ? 'QUARANTINED' : vendor.status;
}

/** A failed attempt says nothing about another attempt for which the bank has set money aside. */
function isOutweighed(expected: Expected, vendor: VendorPayment): boolean {
  return expected.status === 'AUTHORIZED' && expected.vendorPaymentId !== vendor.id;
}

/** What does not match, or null when the money is what was asked for. */
export function findMismatch(expected: Expected, vendor: VendorPayment): Mismatch | null {
  if (expected.vendorOrderId !== vendor.orderId) return 'ORDER';
  if (expected.currency !== vendor.currency) return 'CURRENCY';
  return expected.amountMinor === BigInt(vendor.amountMinor) ? null : 'AMOUNT';
}

const weight: Readonly<Record<VendorPayment['status'], number>> = {
  CAPTURED: 3,
  AUTHORIZED: 2,
  FAILED: 1,
  CREATED: 0,
};

/** Of several attempts to pay one order, the one that decides: money taken outweighs money refused. */
export function decisiveAttempt(attempts: readonly VendorPayment[]): VendorPayment | undefined {
  return attempts.toSorted((a, b) => weight[b.status] - weight[a.status])[0];
}
