import { addJob, type JobHandler } from '@suvidha/jobs';
import type { Db } from '../db.ts';
import { removeOldKeys } from '../idempotency/retention.queries.ts';
import { removeOldBodies } from '../webhooks/retention.queries.ts';

export const housekeepingTask = 'payments-housekeeping';

const hourMs = 60 * 60_000;
/** What one job removes of each kind: payments must not wait for it. */
const limit = 1_000;

/**
 * Sees to it that one job waits, whichever process asks first.
 * @param runAt default: at once.
 */
export async function scheduleHousekeeping(db: Db, runAt?: Date): Promise<void> {
  await addJob(db, housekeepingTask, {}, { key: housekeepingTask, ...(runAt && { runAt }) });
}

/** Removes what is not kept any more, once an hour, and comes again at once while there is more than it may remove. */
export function createHousekeepingHandler(db: Db, now: () => Date): JobHandler {
  return async () => {
    const at = now();
    const keys = await removeOldKeys(db, { now: at, limit });
    const bodies = await removeOldBodies(db, { now: at, limit });
    const isMore = Math.max(keys, bodies) === limit;
    await scheduleHousekeeping(db, isMore ? undefined : new Date(at.getTime() + hourMs));
  };
}
