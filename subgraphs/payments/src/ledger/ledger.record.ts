import { uuidv7 } from '@suvidha/db';
import type { Db } from '../db.ts';
import type { NewEntry, Posting } from './ledger.rules.ts';

export interface LedgerSubject {
  readonly id: string;
  readonly currency: string;
}

/**
 * Books entries about a payment in the caller's transaction; the database refuses them at commit unless each balances.
 */
export async function book(tx: Db, payment: LedgerSubject, entries: readonly NewEntry[]): Promise<void> {
  await insert(
    tx,
    entries.map(({ key, refundId, postings }) => ({
      id: uuidv7(),
      key,
      paymentId: payment.id,
      refundId: refundId ?? null,
      reversesId: null,
      postings: postings.map((posting) => ({ ...posting, currency: payment.currency })),
    })),
  );
}

/** Takes entries back, by further entries with the opposite postings. Those that are not there are left alone. */
export async function reverse(tx: Db, payment: LedgerSubject, keys: readonly string[]): Promise<void> {
  const booked = await tx.ledgerEntry.findMany({
    where: { key: { in: [...keys] }, reversedBy: null },
    include: { postings: true },
  });
  if (booked.length === 0) return;
  await insert(
    tx,
    booked.map(({ id, key, refundId, postings }) => ({
      id: uuidv7(),
      key: `reversal:${key}`,
      paymentId: payment.id,
      refundId,
      reversesId: id,
      postings: postings.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor })),
    })),
  );
}

interface Row {
  readonly id: string;
  readonly key: string;
  readonly paymentId: string;
  readonly refundId: string | null;
  readonly reversesId: string | null;
  readonly postings: readonly (Posting & { readonly currency: string })[];
}

/** Writes entries with their postings, in one statement: every payment waits for it twice. */
async function insert(tx: Db, rows: readonly Row[]): Promise<void> {
  const postings = rows.flatMap((row) =>
    row.postings.map(({ account, currency, amountMinor }) => ({
      entryId: row.id,
      account,
      currency,
      amountMinor: String(amountMinor),
    })),
  );
  const entries = rows.map(({ postings: _, ...entry }) => entry);
  await tx.$executeRaw`
    with entry as (
      insert into ledger_entry (id, key, payment_id, refund_id, reverses_id)
      select id, key, "paymentId", "refundId", "reversesId"
        from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
             as e (id uuid, key text, "paymentId" uuid, "refundId" uuid, "reversesId" uuid))
    insert into ledger_posting (entry_id, account, currency, amount_minor)
    select "entryId", account, currency, "amountMinor"
      from jsonb_to_recordset(${JSON.stringify(postings)}::jsonb)
           as p ("entryId" uuid, account "LedgerAccount", currency text, "amountMinor" bigint)`;
}
