import { timingSafeEqual } from 'node:crypto';
import { isUuid, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { addJob } from '@suvidha/jobs';
import type { Sealer } from '@suvidha/seal';
import type { Db } from '../db.ts';
import type { OtpChallenge, OtpPurpose, PrismaClient } from '../generated/prisma/client.ts';
import { sendOtpTask } from '../jobs/send-otp.job.ts';
import { createOtp, type Destination, explainClosed, otpPolicy, parseDestination } from './otp.rules.ts';

/** A code as somebody presents it, with the challenge or the destination it belongs to. */
export interface PresentedOtp {
  readonly challengeId?: string | null | undefined;
  readonly destination?: string | null | undefined;
  readonly code: string;
  readonly purpose: OtpPurpose;
}

export interface OtpServiceDependencies {
  readonly db: PrismaClient;
  readonly sealer: Sealer;
  readonly now: () => Date;
}

/** Sends one-time codes and takes them back, each once. Does the same work whether or not an account exists. */
export class OtpService {
  readonly #db: PrismaClient;
  readonly #sealer: Sealer;
  readonly #now: () => Date;

  constructor({ db, sealer, now }: OtpServiceDependencies) {
    this.#db = db;
    this.#sealer = sealer;
    this.#now = now;
  }

  /**
   * Replaces the open code of this destination and purpose by a new one and sends it.
   * @throws UserError OTP_RESEND_TOO_SOON or RATE_LIMITED.
   */
  request(destination: Destination, purpose: OtpPurpose): Promise<OtpChallenge> {
    return this.#db.$transaction(async (tx) => {
      await tx.$executeRaw`select pg_advisory_xact_lock(hashtext(${`${purpose}:${destination.address}`}))`;
      await this.#assertMayRequest(tx, destination, purpose);
      await tx.otpChallenge.updateMany({
        where: { destination: destination.address, purpose, closedAt: null },
        data: { closedAt: this.#now() },
      });
      return this.#create(tx, destination, purpose);
    });
  }

  /**
   * Takes a code. The attempt is counted, and committed, before the code is compared.
   * @returns the challenge, still open: {@link consume} it in the transaction that acts on it.
   * @throws UserError NOT_FOUND, OTP_INCORRECT, OTP_EXPIRED, OTP_ALREADY_USED or OTP_ATTEMPTS_EXCEEDED.
   */
  async verify(presented: PresentedOtp): Promise<OtpChallenge> {
    const challenge = await this.#find(presented);
    if (!challenge) throw notFound(presented);
    const counted = await this.#countAttempt(challenge.id);
    if (!counted)
      throw closed(await this.#db.otpChallenge.findUniqueOrThrow({ where: { id: challenge.id } }));
    if (!this.#isRight(counted, presented.code)) throw incorrect(counted.attemptsRemaining);
    return counted;
  }

  /**
   * Uses up a verified challenge.
   * @throws UserError OTP_ALREADY_USED when another request was faster.
   */
  async consume(tx: Db, challenge: OtpChallenge): Promise<void> {
    const { count } = await tx.otpChallenge.updateMany({
      where: { id: challenge.id, closedAt: null },
      data: { closedAt: this.#now(), isConsumed: true },
    });
    if (count !== 1) throw alreadyUsed();
  }

  async #assertMayRequest(tx: Db, { address }: Destination, purpose: OtpPurpose): Promise<void> {
    const now = this.#now().getTime();
    const recent = await tx.otpChallenge.findMany({
      where: { destination: address, purpose, createdAt: { gt: new Date(now - 3_600_000) } },
      orderBy: { createdAt: 'desc' },
      take: otpPolicy.hourlyLimit,
      select: { createdAt: true },
    });
    const [last] = recent;
    if (last && last.createdAt.getTime() > now - otpPolicy.cooldownMs)
      throw new UserError(
        UserErrorCode.OTP_RESEND_TOO_SOON,
        'A code was sent a moment ago: wait half a minute before asking for another.',
      );
    if (recent.length >= otpPolicy.hourlyLimit)
      throw new UserError(UserErrorCode.RATE_LIMITED, 'Too many codes were asked for: try again in an hour.');
  }

  async #create(tx: Db, { channel, address }: Destination, purpose: OtpPurpose): Promise<OtpChallenge> {
    const id = uuidv7();
    const code = createOtp();
    const createdAt = this.#now();
    const challenge = await tx.otpChallenge.create({
      data: {
        id,
        purpose,
        channel,
        destination: address,
        codeHash: this.#hash(id, code),
        attemptsRemaining: otpPolicy.attempts,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + otpPolicy.lifetimeMs),
      },
    });
    const sealedCode = this.#sealer.seal('otp', code);
    await addJob(tx, sendOtpTask, { channel, address, sealedCode }, { maxAttempts: 6 });
    return challenge;
  }

  async #find({ challengeId, destination, purpose }: PresentedOtp): Promise<OtpChallenge | null> {
    if (challengeId && !isUuid(challengeId)) return null;
    if (challengeId) return this.#db.otpChallenge.findFirst({ where: { id: challengeId, purpose } });
    const parsed = parseDestination(destination ?? '');
    if (!parsed) throw destinationMissing();
    return this.#db.otpChallenge.findFirst({
      where: { destination: parsed.address, purpose },
      orderBy: { createdAt: 'desc' },
    });
  }

  async #countAttempt(id: string): Promise<OtpChallenge | undefined> {
    const [counted] = await this.#db.otpChallenge.updateManyAndReturn({
      where: { id, closedAt: null, attemptsRemaining: { gt: 0 }, expiresAt: { gt: this.#now() } },
      data: { attemptsRemaining: { decrement: 1 } },
    });
    return counted;
  }

  #isRight(challenge: OtpChallenge, code: string): boolean {
    const given = Buffer.from(this.#hash(challenge.id, code));
    return timingSafeEqual(given, Buffer.from(challenge.codeHash));
  }

  #hash(challengeId: string, code: string): string {
    return this.#sealer.keyedHash('otp', `${challengeId}:${code}`);
  }
}

function notFound({ challengeId }: PresentedOtp): UserError {
  return challengeId
    ? new UserError(UserErrorCode.NOT_FOUND, 'There is no such challenge.', ['input', 'challengeId'])
    : incorrect(0);
}

function destinationMissing(): UserError {
  return new UserError(
    UserErrorCode.INVALID_INPUT,
    'Give the challengeId, or the phone number or e-mail address the code was sent to.',
    ['input', 'destination'],
  );
}

const codeField = ['input', 'code'];

function incorrect(attemptsRemaining: number): UserError {
  const hint = attemptsRemaining === 0 ? 'Ask for a new code.' : `Attempts left: ${attemptsRemaining}.`;
  return new UserError(UserErrorCode.OTP_INCORRECT, `The code is wrong. ${hint}`, codeField);
}

function alreadyUsed(): UserError {
  return new UserError(
    UserErrorCode.OTP_ALREADY_USED,
    'This code was used before: ask for a new one.',
    codeField,
  );
}

function closed(challenge: OtpChallenge): UserError {
  switch (explainClosed(challenge)) {
    case 'USED':
      return alreadyUsed();
    case 'EXHAUSTED':
      return new UserError(
        UserErrorCode.OTP_ATTEMPTS_EXCEEDED,
        'Too many wrong codes were given: ask for a new one.',
        codeField,
      );
    case 'EXPIRED':
      return new UserError(
        UserErrorCode.OTP_EXPIRED,
        'This code is no longer valid: ask for a new one.',
        codeField,
      );
  }
}
