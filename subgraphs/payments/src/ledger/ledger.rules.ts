import type { LedgerAccount } from '../generated/prisma/enums.ts';

/** One line of the books, in minor units. Debits are positive, credits negative. */
export interface Posting {
  readonly account: LedgerAccount;
  readonly amountMinor: bigint;
}

/** Postings that belong together, and what happened, which happens once. */
export interface NewEntry {
  /** Unique: the same thing is never booked twice. */
  readonly key: string;
  readonly refundId?: string;
  readonly postings: readonly Posting[];
}

/** `amountMinor` leaves one account for another. */
function move(amountMinor: bigint, { from, to }: { from: LedgerAccount; to: LedgerAccount }): Posting[] {
  if (amountMinor === 0n) return [];
  return [
    { account: to, amountMinor },
    { account: from, amountMinor: -amountMinor },
  ];
}

export interface BookedPayment {
  readonly id: string;
  readonly amountMinor: bigint;
}

/** The vendor holds the money; we owe it to the customer until its owner has put it to something. */
export function toCaptured({ id, amountMinor }: BookedPayment, feeMinor: bigint | null): readonly NewEntry[] {
  const fee = move(feeMinor ?? 0n, { from: 'VENDOR_CLEARING', to: 'FEES' });
  return [
    {
      key: `captured:${id}`,
      postings: [...move(amountMinor, { from: 'CUSTOMER', to: 'VENDOR_CLEARING' }), ...fee],
    },
  ];
}

/** The owner has put the money to the payable, and what was too much to the customer's credit. */
export function toSettled({ id, amountMinor }: BookedPayment, creditedMinor: bigint): NewEntry {
  return {
    key: `settled:${id}`,
    postings: [
      ...move(amountMinor - creditedMinor, { from: 'MERCHANT', to: 'CUSTOMER' }),
      ...move(creditedMinor, { from: 'CREDIT', to: 'CUSTOMER' }),
    ],
  };
}

export interface BookedRefund {
  readonly id: string;
  readonly amountMinor: bigint;
}

export const refundRequestedKey = (refundId: string): string => `refund-requested:${refundId}`;
export const refundProcessedKey = (refundId: string): string => `refund-processed:${refundId}`;

/** The money is set aside for the payer: from what the owner has, or from what we still owed the customer. */
export function toRefundRequested(
  { id, amountMinor }: BookedRefund,
  source: 'MERCHANT' | 'CUSTOMER',
): NewEntry {
  return {
    key: refundRequestedKey(id),
    refundId: id,
    postings: move(amountMinor, { from: 'REFUNDS', to: source }),
  };
}

/** The vendor has given the money back. */
export function toRefundProcessed({ id, amountMinor }: BookedRefund): NewEntry {
  return {
    key: refundProcessedKey(id),
    refundId: id,
    postings: move(amountMinor, { from: 'VENDOR_CLEARING', to: 'REFUNDS' }),
  };
}
