import type { Db } from '../db.ts';

/**
 * How long a key gives its answer again, in milliseconds. A replay that comes later cannot move money twice. Of
 * `initiatePayment`: the payment request has long expired, and even another one meets the debt, which is paid
 * (PAYABLE_ALREADY_PAID) or gets its money back as the second; late money comes within five days
 * (`lateSuccessMs`), so this is longer. Of `refundPayment`: the refund keeps its key for ever.
 */
const keepMs = 7 * 86_400_000;

/** Removes the oldest keys that are too old, at most `limit`. @returns how many. */
export function removeOldKeys(db: Db, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const before = new Date(now.getTime() - keepMs);
  return db.$executeRaw`delete from idempotency_key where ctid = any (array(
    select ctid from idempotency_key where created_at < ${before} order by created_at limit ${limit}))`;
}
