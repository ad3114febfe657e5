import { uuidv7 } from '@suvidha/db';
import type { Db } from '../db.ts';
import type { NewEntry } from './ledger.rules.ts';

export interface LedgerSubject {
  readonly id: string;
  readonly currency: string;
}

/**
 * Books entries about a payment in the caller's transaction; the database refuses them at commit unless each balances.
 */
export async function book(tx: Db, payment: LedgerSubject, entries: readonly NewEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({ id: uuidv7(), entry }));
  await tx.ledgerEntry.createMany({
    data: rows.map(({ id, entry: { key, refundId } }) => ({
      id,
      key,
      paymentId: payment.id,
      refundId: refundId ?? null,
    })),
  });
  await tx.ledgerPosting.createMany({
    data: rows.flatMap(({ id, entry }) =>
      entry.postings.map((posting) => ({ entryId: id, currency: payment.currency, ...posting })),
    ),
  });
}

/** Takes entries back, by further entries with the opposite postings. Those that are not there are left alone. */
export async function reverse(tx: Db, payment: LedgerSubject, keys: readonly string[]): Promise<void> {
  const booked = await tx.ledgerEntry.findMany({
    where: { key: { in: [...keys] }, reversedBy: null },
    include: { postings: true },
  });
  if (booked.length === 0) return;
  const rows = booked.map((entry) => ({ id: uuidv7(), entry }));
  await tx.ledgerEntry.createMany({
    data: rows.map(({ id, entry }) => ({
      id,
      key: `reversal:${entry.key}`,
      paymentId: payment.id,
      refundId: entry.refundId,
      reversesId: entry.id,
    })),
  });
  await tx.ledgerPosting.createMany({
    data: rows.flatMap(({ id, entry }) =>
      entry.postings.map(({ account, currency, amountMinor }) => ({
        entryId: id,
        account,
        currency,
        amountMinor: -amountMinor,
      })),
    ),
  });
}
