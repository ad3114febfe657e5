import type { Db } from '../db.ts';

const dayMs = 24 * 60 * 60_000;
/** How long staff can look into what was sent; also how long a cause that comes again is known. */
const keepMs = 90 * dayMs;
/** Longer than any limit counts. */
const longestWindowMs = 2 * dayMs;

/** Removes what was sent or given up long ago, and limits that count nothing any more. */
export async function removeOldNotifications(db: Db, now: Date): Promise<void> {
  const before = (ageMs: number) => ({ lt: new Date(now.getTime() - ageMs) });
  await db.notificationDelivery.deleteMany({ where: { finishedAt: before(keepMs) } });
  await db.notificationBudget.deleteMany({ where: { windowStart: before(longestWindowMs) } });
}
