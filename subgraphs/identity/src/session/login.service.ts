import { isUniqueViolation, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore } from '@suvidha/events';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { EmailLinkService } from '../email-link/email-link.service.ts';
import type { OtpChallenge, User } from '../generated/prisma/client.ts';
import type { OtpService } from '../otp/otp.service.ts';
import { alreadyRegistered, assertUsername } from '../user/user.errors.ts';
import { toContact } from '../user/user.queries.ts';
import type { LoginGate } from './login.gate.ts';
import type { LoginWish } from './session.rules.ts';
import type { Tokens } from './session.service.ts';

/** What proves and says who logs in. */
export interface OtpLogin extends LoginWish {
  readonly challengeId?: string | null | undefined;
  readonly destination?: string | null | undefined;
  readonly code: string;
}

export interface OtpRegistration extends OtpLogin {
  readonly username?: string | null | undefined;
  /** An address that the code does not prove: it is added once a link sent to it was followed. */
  readonly email?: string | null | undefined;
}

export interface LoginServiceDependencies {
  readonly store: EventStore<Db>;
  readonly otp: OtpService;
  readonly links: EmailLinkService;
  readonly gate: LoginGate;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

/** Turns a right code into a session, for an account that is there or for a new one. */
export class LoginService {
  readonly #dependencies: LoginServiceDependencies;

  constructor(dependencies: LoginServiceDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * @throws UserError of {@link OtpService.verify} and {@link LoginGate.open}, or NOT_REGISTERED.
   */
  loginWithOtp(caller: SubgraphContext, login: OtpLogin): Promise<Tokens> {
    const { store, otp, gate, audit } = this.#dependencies;
    const attempt = { action: AuditAction.LOGIN, clientApp: login.clientApp, details: { method: 'OTP' } };
    return audit.watch(caller, attempt, async () => {
      const challenge = await otp.verify(caller, { ...login, purpose: 'LOGIN' });
      return store.transact(async ({ tx }) => {
        await otp.consume(tx, challenge);
        const user = await tx.user.findUnique({ where: toContact(challenge.channel, challenge.destination) });
        if (!user) throw notRegistered();
        return gate.open(tx, caller, user, { ...login, method: 'OTP', proofId: challenge.id });
      });
    });
  }

  /**
   * @throws UserError of {@link OtpService.verify} and {@link LoginGate.open}, ALREADY_REGISTERED, or INVALID_INPUT for
   * a name that breaks a rule.
   */
  async registerWithOtp(caller: SubgraphContext, registration: OtpRegistration): Promise<Tokens> {
    assertUsername(registration.username);
    const { otp, audit } = this.#dependencies;
    const attempt = { action: AuditAction.REGISTRATION, clientApp: registration.clientApp };
    return audit.watch(caller, attempt, async () => {
      const challenge = await otp.verify(caller, { ...registration, purpose: 'REGISTRATION' });
      try {
        return await this.#register(caller, registration, challenge);
      } catch (error) {
        if (isUniqueViolation(error)) throw alreadyRegistered();
        throw error;
      }
    });
  }

  /** Sends a code to a phone number that a new account wishes to have. Null: not now; the person can ask for one. */
  async requestPhoneProof(caller: SubgraphContext, phoneNumber: string): Promise<OtpChallenge | null> {
    const destination = { channel: 'SMS', address: phoneNumber } as const;
    try {
      return await this.#dependencies.otp.request(caller, { destination, purpose: 'VERIFY' });
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  #register(caller: SubgraphContext, wish: OtpRegistration, challenge: OtpChallenge): Promise<Tokens> {
    const { store, otp, links, gate } = this.#dependencies;
    return store.transact(async (unit) => {
      const { tx } = unit;
      await otp.consume(tx, challenge);
      const user = await this.#createUser(tx, challenge, wish.username ?? null);
      await unit.append({
        type: 'user.registered',
        aggregateType: 'user',
        aggregateId: user.id,
        payload: { userId: user.id },
      });
      if (wish.email && wish.email !== user.email)
        await links.send(tx, { purpose: 'VERIFICATION', email: wish.email, userId: user.id });
      return gate.open(tx, caller, user, { ...wish, method: 'OTP', isNew: true, proofId: challenge.id });
    });
  }

  #createUser(tx: Db, challenge: OtpChallenge, username: string | null): Promise<User> {
    const now = this.#dependencies.now();
    const verified =
      challenge.channel === 'SMS'
        ? { phoneNumber: challenge.destination, phoneVerifiedAt: now }
        : { email: challenge.destination, emailVerifiedAt: now };
    return tx.user.create({ data: { id: uuidv7(), username, roles: ['USER'], createdAt: now, ...verified } });
  }
}

function notRegistered(): UserError {
  return new UserError(
    UserErrorCode.NOT_REGISTERED,
    'The code is right but there is no account yet: register.',
  );
}
