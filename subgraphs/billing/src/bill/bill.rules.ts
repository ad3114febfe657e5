import type { Money } from '@suvidha/money';

interface Billed {
  readonly amountMinor: bigint;
  readonly paidAmountMinor: bigint;
}

/** Whether a text can be the number of a bill: letters, digits and hyphens. PostgreSQL refuses some others with an error. */
export function isBillNumber(text: string): boolean {
  return /^[\w-]{1,50}$/.test(text);
}

/** What is still owed, in minor units. */
export function dueMinor({ amountMinor, paidAmountMinor }: Billed): bigint {
  return amountMinor - paidAmountMinor;
}

/** Names the part of a bill that is owed next. Whatever is paid for the same part is paid for the same debt. */
export function toInstallmentId(billId: string, { paidAmountMinor }: Billed): string {
  return `${billId}:${paidAmountMinor}`;
}

/** A payment that came in, as far as it says what it is for. */
interface Incoming extends Money {
  readonly installmentId: string;
}

/**
 * Why money that came in for a bill cannot be taken, or null when it can. Two payments for the same installment are
 * two for the same debt: the second goes back, also when the bill would still have room for it.
 */
export function refuseAllocation(
  bill: (Billed & { readonly id: string; readonly currency: string }) | null,
  paid: Incoming,
): 'ALREADY_PAID' | 'NOT_PAYABLE' | 'AMOUNT_DIFFERS' | null {
  if (!bill || bill.currency !== paid.currency) return 'NOT_PAYABLE';
  const due = dueMinor(bill);
  if (due === 0n || paid.installmentId !== toInstallmentId(bill.id, bill)) return 'ALREADY_PAID';
  return BigInt(paid.amountMinor) > due ? 'AMOUNT_DIFFERS' : null;
}
