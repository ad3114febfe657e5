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

/** Why money that came in for a bill cannot be taken, or null when it can. */
export function refuseAllocation(
  bill: (Billed & { readonly currency: string }) | null,
  paid: Money,
): 'ALREADY_PAID' | 'NOT_PAYABLE' | 'AMOUNT_DIFFERS' | null {
  if (!bill || bill.currency !== paid.currency) return 'NOT_PAYABLE';
  const due = dueMinor(bill);
  if (due === 0n) return 'ALREADY_PAID';
  return BigInt(paid.amountMinor) > due ? 'AMOUNT_DIFFERS' : null;
}
