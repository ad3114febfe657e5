import { addJob, type JobHandler } from '@suvidha/jobs';
import type { Db } from '../db.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { KeyRotation } from '../keys/key-rotation.ts';
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

export interface HousekeepingDependencies {
  readonly db: PrismaClient;
  readonly keyRotation: KeyRotation;
  /** How many days a key signs. */
  readonly keyLifetimeDays: number;
  readonly now: () => Date;
}

/** Removes what has expired and changes the key that has signed for long, once an hour. The audit log loses nothing. */
export function createHousekeepingHandler({
  db,
  keyRotation,
  keyLifetimeDays,
  now,
}: HousekeepingDependencies): JobHandler {
  return async () => {
    const at = now();
    await keyRotation.keepYoung(keyLifetimeDays);
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
