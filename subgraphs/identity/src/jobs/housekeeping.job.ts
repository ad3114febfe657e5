import { addJob, type JobHandler } from '@suvidha/jobs';
import type { Db } from '../db.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { removeOldNotifications } from '../notification/retention.queries.ts';

export const housekeepingTask = 'identity-housekeeping';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** How long what is over is kept, for whoever has to look into it. */
const keepMs = 30 * dayMs;

/** Sees to it that one job waits, whichever process asks first. */
export async function scheduleHousekeeping(db: Db, runAt: Date): Promise<void> {
  await addJob(db, housekeepingTask, {}, { key: housekeepingTask, runAt });
}

/** Removes what has expired, once an hour. The audit log is not touched. */
export function createHousekeepingHandler(db: PrismaClient, now: () => Date): JobHandler {
  return async () => {
    const at = now();
    const old = new Date(at.getTime() - keepMs);
    await db.rateCounter.deleteMany({ where: { expiresAt: { lt: at } } });
    await db.otpChallenge.deleteMany({ where: { expiresAt: { lt: old } } });
    await db.emailLink.deleteMany({ where: { expiresAt: { lt: old } } });
    await db.dataExport.deleteMany({ where: { expiresAt: { lt: at } } });
    await db.session.deleteMany({ where: { lastUsedAt: { lt: old } } });
    await db.refreshToken.deleteMany({ where: { expiresAt: { lt: at } } });
    await removeOldNotifications(db, at);
    await scheduleHousekeeping(db, new Date(at.getTime() + hourMs));
  };
}
