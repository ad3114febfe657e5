import type { Db } from '../db.ts';
import type { OtpChallenge } from '../generated/prisma/client.ts';
import type { Language } from '../notification/language.ts';

/** What a code that somebody gave back turned out to be. `RATE_LIMITED`: nobody looked at it. */
export type CodeCheck = 'RIGHT' | 'WRONG' | 'EXPIRED' | 'EXHAUSTED' | 'RATE_LIMITED';

/** A code for a challenge that is about to be stored. */
export interface IssuedCode {
  /** What is stored of it. Empty: only the back end knows it. */
  readonly codeHash: string;
  /** Empty: only the back end knows it. */
  readonly code: string;
}

/** Makes, sends and recognises one-time codes. What a challenge allows is counted by the caller, whoever does this. */
export interface CodeBackEnd {
  issue(challengeId: string): IssuedCode;
  /** Has the code sent, by what it adds to the transaction. */
  send(tx: Db, challenge: OtpChallenge, message: { code: string; language: Language }): Promise<void>;
  /** @throws AppError UPSTREAM_UNAVAILABLE when whoever knows cannot be asked. */
  check(challenge: OtpChallenge, code: string): Promise<CodeCheck>;
}
