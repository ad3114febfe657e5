import { uuidv7 } from '@suvidha/db';
import { addJob, type JobHandler } from '@suvidha/jobs';
import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { BackEndSessions } from '../session/back-end-sessions.ts';
import { DescopeRefusal, type DescopeSdk, readAnswer } from './descope.client.ts';

const sealPurpose = 'descope-session';

/** What comes of no proof is forgotten after a day. */
const unattachedMs = 24 * 60 * 60_000;

export interface DescopeSessionDependencies {
  readonly sdk: DescopeSdk;
  readonly db: Db;
  readonly sealer: Sealer;
  readonly now: () => Date;
}

/** Sessions at Descope behind ours: one that ends there ends here at the next refresh, one that ends here ends there. */
export function createDescopeSessions({ sdk, db, sealer, now }: DescopeSessionDependencies): BackEndSessions {
  return {
    async keep(tx, { proofId, token }) {
      const createdAt = now();
      const sealedRefreshToken = sealer.seal(sealPurpose, token);
      await tx.descopeSession.deleteMany({
        where: { sessionId: null, createdAt: { lt: new Date(createdAt.getTime() - unattachedMs) } },
      });
      await tx.descopeSession.upsert({
        where: { proofId },
        create: { id: uuidv7(), proofId, sealedRefreshToken, createdAt },
        update: { sealedRefreshToken },
      });
    },
    async attach(tx, { proofId, sessionId }) {
      await tx.descopeSession.updateMany({ where: { proofId, sessionId: null }, data: { sessionId } });
    },
    async isLive(sessionId) {
      const behind = await db.descopeSession.findUnique({ where: { sessionId } });
      if (!behind) return true;
      const token = sealer.unseal(sealPurpose, behind.sealedRefreshToken);
      try {
        const { refreshJwt } = await readAnswer(sdk.refresh(token));
        // A project may be set to give a new refresh token each time.
        if (refreshJwt)
          await db.descopeSession.updateMany({
            where: { sessionId },
            data: { sealedRefreshToken: sealer.seal(sealPurpose, refreshJwt) },
          });
        return true;
      } catch (error) {
        if (error instanceof DescopeRefusal) return false;
        throw error;
      }
    },
  };
}

const endTask = 'end-descope-session';
const endPayload = z.object({ sealedRefreshToken: z.string() });

/** Ends at Descope what stands behind sessions that end here, by jobs of the same transaction. */
export async function endDescopeSessions(tx: Db, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  const behind = await tx.descopeSession.findMany({ where: { sessionId: { in: [...sessionIds] } } });
  for (const { sealedRefreshToken } of behind) await addJob(tx, endTask, { sealedRefreshToken });
}

/** The job of {@link endDescopeSessions}. One that has ended already is well. */
export function createDescopeJobs(sdk: DescopeSdk, sealer: Sealer): Readonly<Record<string, JobHandler>> {
  return {
    [endTask]: async (raw) => {
      const { sealedRefreshToken } = endPayload.parse(raw);
      try {
        await readAnswer(sdk.logout(sealer.unseal(sealPurpose, sealedRefreshToken)));
      } catch (error) {
        if (!(error instanceof DescopeRefusal)) throw error;
      }
    },
  };
}
