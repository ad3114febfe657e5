import { timingSafeEqual } from 'node:crypto';
import type { Notifier } from '@suvidha/notifications';
import type { Sealer } from '@suvidha/seal';
import type { Db } from '../db.ts';
import type { OtpChallenge } from '../generated/prisma/client.ts';
import type { Language } from '../notification/language.ts';
import { toOtpNotification } from '../notification/otp.notification.ts';
import type { CodeBackEnd, CodeCheck, IssuedCode } from './code-back-end.ts';
import { createOtp } from './otp.rules.ts';

/** Codes that are made here, kept as keyed hashes, and sent by our own messages. */
export class OwnCodes implements CodeBackEnd {
  readonly #sealer: Sealer;
  readonly #notifier: Notifier;

  constructor({ sealer, notifier }: { sealer: Sealer; notifier: Notifier }) {
    this.#sealer = sealer;
    this.#notifier = notifier;
  }

  issue(challengeId: string): IssuedCode {
    const code = createOtp();
    return { code, codeHash: this.#hash(challengeId, code) };
  }

  async send(
    tx: Db,
    challenge: OtpChallenge,
    { code, language }: { code: string; language: Language },
  ): Promise<void> {
    await this.#notifier.enqueue(tx, toOtpNotification(challenge, code, language));
  }

  async check({ id, codeHash }: OtpChallenge, code: string): Promise<CodeCheck> {
    const given = Buffer.from(this.#hash(id, code));
    const kept = Buffer.from(codeHash);
    // Of another length is what another back end kept, before the configuration changed.
    return kept.length === given.length && timingSafeEqual(given, kept) ? 'RIGHT' : 'WRONG';
  }

  #hash(challengeId: string, code: string): string {
    return this.#sealer.keyedHash('otp', `${challengeId}:${code}`);
  }
}
