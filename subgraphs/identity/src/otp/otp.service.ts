import { isUuid, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type { ClientApp, OtpChallenge, OtpPurpose, PrismaClient } from '../generated/prisma/client.ts';
import type { AddressLimits } from '../limit/address.limits.ts';
import { Language } from '../notification/language.ts';
import type { CodeBackEnd, CodeCheck } from './code-back-end.ts';
import { type Destination, explainClosed, otpPolicy, parseDestination } from './otp.rules.ts';

/** A code that somebody asks for. */
export interface OtpRequest {
  readonly destination: Destination;
  readonly purpose: OtpPurpose;
  /** The app that it is to log in to; it serves no other. Absent: any. */
  readonly clientApp?: ClientApp | null | undefined;
  /** Of the message. Absent: English. */
  readonly language?: Language | null | undefined;
}

/** A code as somebody presents it, with the challenge or the destination it belongs to; both must fit where both are given. */
export interface PresentedOtp {
  readonly challengeId?: string | null | undefined;
  readonly destination?: string | null | undefined;
  readonly code: string;
  readonly purpose: OtpPurpose;
  /** The app it logs in to. Absent: none. */
  readonly clientApp?: ClientApp | undefined;
  /** How the code must have been sent. Absent: either way. */
  readonly channel?: Destination['channel'] | undefined;
}

export interface OtpServiceDependencies {
  readonly db: PrismaClient;
  readonly addressLimits: AddressLimits;
  /** Who makes, sends and recognises the codes. */
  readonly codes: CodeBackEnd;
  readonly now: () => Date;
}

/** Sends one-time codes and takes them back, each once. Does the same work whether or not an account exists. */
export class OtpService {
  readonly #db: PrismaClient;
  readonly #addressLimits: AddressLimits;
  readonly #codes: CodeBackEnd;
  readonly #now: () => Date;

  constructor({ db, addressLimits, codes, now }: OtpServiceDependencies) {
    this.#db = db;
    this.#addressLimits = addressLimits;
    this.#codes = codes;
    this.#now = now;
  }

  /**
   * Replaces the open code of this destination and purpose by a new one and sends it.
   * @throws UserError OTP_RESEND_TOO_SOON or RATE_LIMITED.
   */
  async request(caller: SubgraphContext, request: OtpRequest): Promise<OtpChallenge> {
    const { destination, purpose } = request;
    await this.#addressLimits.countMessage(this.#db, caller);
    return this.#db.$transaction(async (tx) => {
      await tx.$executeRaw`select pg_advisory_xact_lock(hashtext(${`${purpose}:${destination.address}`}))`;
      await this.#assertMayRequest(tx, destination, purpose);
      await tx.otpChallenge.updateMany({
        where: { destination: destination.address, purpose, closedAt: null },
        data: { closedAt: this.#now() },
      });
      return this.#create(tx, request);
    });
  }

  /**
   * Takes a code. The attempt is counted, and committed, before the code is compared.
   * @returns the challenge, still open: {@link consume} it in the transaction that acts on it.
   * @throws UserError NOT_FOUND, OTP_INCORRECT, OTP_EXPIRED, OTP_ALREADY_USED, OTP_ATTEMPTS_EXCEEDED or RATE_LIMITED.
   */
  async verify(caller: SubgraphContext, presented: PresentedOtp): Promise<OtpChallenge> {
    await this.#addressLimits.countAttempt(this.#db, caller);
    const challenge = await this.#find(presented);
    if (!challenge) throw notFound(presented);
    const counted = await this.#countAttempt(challenge.id);
    if (!counted)
      throw closed(await this.#db.otpChallenge.findUniqueOrThrow({ where: { id: challenge.id } }));
    const check = await this.#codes.check(counted, presented.code);
    if (check !== 'RIGHT') throw notRight(check, counted);
    return counted;
  }

  /** Where the code went that somebody presents one for. Null: there is no such challenge. */
  async findDestination(presented: PresentedOtp): Promise<Destination | null> {
    const challenge = await this.#find(presented);
    return challenge && { channel: challenge.channel, address: challenge.destination };
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

  /** Closes all open codes of these phone numbers and e-mail addresses: what they protect has changed. */
  async closeAll(tx: Db, addresses: readonly (string | null)[]): Promise<void> {
    const known = addresses.filter((address) => address !== null);
    await tx.otpChallenge.updateMany({
      where: { destination: { in: known }, closedAt: null },
      data: { closedAt: this.#now() },
    });
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

  async #create(tx: Db, { destination, purpose, clientApp, language }: OtpRequest): Promise<OtpChallenge> {
    const { channel, address } = destination;
    const id = uuidv7();
    const { code, codeHash } = this.#codes.issue(id);
    const createdAt = this.#now();
    const challenge = await tx.otpChallenge.create({
      data: {
        id,
        purpose,
        channel,
        destination: address,
        clientApp: clientApp ?? null,
        codeHash,
        attemptsRemaining: otpPolicy.attempts,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + otpPolicy.lifetimeMs),
      },
    });
    await this.#codes.send(tx, challenge, { code, language: language ?? Language.EN });
    return challenge;
  }

  /** A challenge for another purpose, app, channel or destination is as good as none. */
  async #find(presented: PresentedOtp): Promise<OtpChallenge | null> {
    const { challengeId, destination, purpose, clientApp, channel } = presented;
    if (challengeId && !isUuid(challengeId)) return null;
    const parsed = destination ? parseDestination(destination) : null;
    if (!parsed && (destination || !challengeId)) throw destinationMissing();
    return this.#db.otpChallenge.findFirst({
      where: {
        purpose,
        ...(challengeId && { id: challengeId }),
        ...(parsed && { destination: parsed.address }),
        ...(channel && { channel }),
        ...(clientApp && { OR: [{ clientApp: null }, { clientApp }] }),
      },
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

function notRight(check: Exclude<CodeCheck, 'RIGHT'>, { attemptsRemaining }: OtpChallenge): UserError {
  switch (check) {
    case 'WRONG':
      return incorrect(attemptsRemaining);
    case 'RATE_LIMITED':
      return new UserError(UserErrorCode.RATE_LIMITED, 'Too many codes were tried: try again in a while.');
    default:
      return over(check);
  }
}

function closed(challenge: OtpChallenge): UserError {
  const why = explainClosed(challenge);
  return why === 'USED' ? alreadyUsed() : over(why);
}

function over(why: 'EXHAUSTED' | 'EXPIRED'): UserError {
  switch (why) {
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
