import { timingSafeEqual } from 'node:crypto';
import { addJob, type JobHandler } from '@suvidha/jobs';
import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { OtpChallenge } from '../generated/prisma/client.ts';
import type { CodeBackEnd, CodeCheck, IssuedCode } from '../otp/code-back-end.ts';
import type { BackEndSessions } from '../session/back-end-sessions.ts';
import { DescopeRefusal, type DescopeSdk, readAnswer, readSession } from './descope.client.ts';

export interface DescopeCodeDependencies {
  readonly sdk: DescopeSdk;
  readonly db: Db;
  readonly sealer: Sealer;
  readonly sessions: BackEndSessions;
  readonly now: () => Date;
}

const sendTask = 'send-descope-otp';
const sendPayload = z.object({ challengeId: z.uuid() });
const verifiedSchema = z.object({ sessionJwt: z.string(), refreshJwt: z.string() });

/** What Descope's refusals of a code mean here. Others tell no more than that the code is not right. */
const checks: Readonly<Record<string, CodeCheck>> = {
  E061102: 'WRONG',
  E061103: 'EXHAUSTED',
  E061104: 'EXPIRED',
  E062108: 'WRONG',
  E130429: 'RATE_LIMITED',
};

/**
 * One-time codes that Descope makes, sends and takes back (https://docs.descope.com/auth-methods/otp). Descope uses a code
 * up as it takes it; so a code that it took is kept here, as a keyed hash, and serves the attempts that are left.
 */
export class DescopeCodes implements CodeBackEnd {
  readonly #dependencies: DescopeCodeDependencies;

  constructor(dependencies: DescopeCodeDependencies) {
    this.#dependencies = dependencies;
  }

  issue(): IssuedCode {
    return { code: '', codeHash: '' };
  }

  /** Descope knows one code per destination, whatever it is for: the challenges of other purposes end. */
  async send(tx: Db, { id, destination }: OtpChallenge): Promise<void> {
    await tx.otpChallenge.updateMany({
      where: { destination, closedAt: null, id: { not: id } },
      data: { closedAt: this.#dependencies.now() },
    });
    await addJob(tx, sendTask, { challengeId: id }, { maxAttempts: 6 });
  }

  async check(challenge: OtpChallenge, code: string): Promise<CodeCheck> {
    if (!/^\d{6}$/.test(code)) return 'WRONG';
    if (challenge.codeHash !== '') return this.#isKnown(challenge, code) ? 'RIGHT' : 'WRONG';
    const checked = await this.#ask(challenge, code);
    if (checked !== 'WRONG') return checked;
    // Another request may have had the same code taken a moment ago.
    const current = await this.#dependencies.db.otpChallenge.findUnique({ where: { id: challenge.id } });
    return current && this.#isKnown(current, code) ? 'RIGHT' : 'WRONG';
  }

  /** The job of {@link send}: again until Descope has sent it, as long as the challenge is open. */
  toJobs(): Readonly<Record<string, JobHandler>> {
    const { sdk, db, now } = this.#dependencies;
    return {
      [sendTask]: async (raw) => {
        const { challengeId } = sendPayload.parse(raw);
        const challenge = await db.otpChallenge.findFirst({
          where: { id: challengeId, closedAt: null, expiresAt: { gt: now() } },
        });
        if (!challenge) return;
        const { channel, destination } = challenge;
        await readAnswer<unknown>(
          channel === 'SMS' ? sdk.otp.signUpOrIn.sms(destination) : sdk.otp.signUpOrIn.email(destination),
        );
      },
    };
  }

  async #ask(challenge: OtpChallenge, code: string): Promise<CodeCheck> {
    const { sdk } = this.#dependencies;
    const { channel, destination } = challenge;
    try {
      const answer = await readAnswer<unknown>(
        channel === 'SMS' ? sdk.otp.verify.sms(destination, code) : sdk.otp.verify.email(destination, code),
      );
      const { sessionJwt, refreshJwt } = verifiedSchema.parse(answer);
      await readSession(sdk, sessionJwt);
      await this.#remember(challenge, code, refreshJwt);
      return 'RIGHT';
    } catch (error) {
      if (error instanceof DescopeRefusal) return checks[error.code ?? ''] ?? 'WRONG';
      throw error;
    }
  }

  async #remember({ id }: OtpChallenge, code: string, token: string): Promise<void> {
    const { db, sessions } = this.#dependencies;
    await db.otpChallenge.updateMany({
      where: { id, codeHash: '' },
      data: { codeHash: this.#hash(id, code) },
    });
    await sessions.keep(db, { proofId: id, token });
  }

  #isKnown({ id, codeHash }: OtpChallenge, code: string): boolean {
    const given = Buffer.from(this.#hash(id, code));
    const kept = Buffer.from(codeHash);
    return kept.length === given.length && timingSafeEqual(given, kept);
  }

  #hash(challengeId: string, code: string): string {
    return this.#dependencies.sealer.keyedHash('descope-otp', `${challengeId}:${code}`);
  }
}
