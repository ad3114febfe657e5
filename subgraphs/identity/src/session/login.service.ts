import { isUniqueViolation, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore } from '@suvidha/events';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { EmailLinkService } from '../email-link/email-link.service.ts';
import type { OtpChallenge, User } from '../generated/prisma/client.ts';
import type { OtpService, PresentedOtp } from '../otp/otp.service.ts';
import { alreadyRegistered, readUsername } from '../user/user.errors.ts';
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
  /**
   * An address that the code does not prove: it is added once a link sent to it was followed. None is sent where the
   * address got mails a short while ago.
   */
  readonly email?: string | null | undefined;
}

export interface LoginServiceDependencies {
  readonly db: Db;
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
    const presented = { ...login, purpose: 'LOGIN' } as const;
    const attempt = {
      action: AuditAction.LOGIN,
      clientApp: login.clientApp,
      details: { method: 'OTP' },
      findSubject: () => this.#findSubject(presented),
    };
    return audit.watch(caller, attempt, async () => {
      const challenge = await otp.verify(caller, presented);
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
    const username = readUsername(registration.username);
    const { otp, audit } = this.#dependencies;
    const attempt = { action: AuditAction.REGISTRATION, clientApp: registration.clientApp };
    return audit.watch(caller, attempt, async () => {
      const challenge = await otp.verify(caller, { ...registration, purpose: 'REGISTRATION' });
      try {
        return await this.#register(caller, { ...registration, username }, challenge);
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

  async #register(caller: SubgraphContext, wish: OtpRegistration, challenge: OtpChallenge): Promise<Tokens> {
    const { store, otp, links, gate } = this.#dependencies;
    const unproven = wish.email === challenge.destination ? null : wish.email;
    // Else whoever opens many accounts could fill the mailbox of anybody.
    const linkTo = unproven && (await links.mayMail(unproven)) ? unproven : null;
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
      if (linkTo) await links.send(tx, { purpose: 'VERIFICATION', email: linkTo, userId: user.id });
      return gate.open(tx, caller, user, { ...wish, method: 'OTP', isNew: true, proofId: challenge.id });
    });
  }

  /** Whose account a code was to open: the same work whether or not there is one. */
  async #findSubject(presented: PresentedOtp): Promise<string | null> {
    const { db, otp } = this.#dependencies;
    const sent = await otp.findDestination(presented);
    const owner = sent && (await db.user.findUnique({ where: toContact(sent.channel, sent.address) }));
    return owner?.id ?? null;
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
