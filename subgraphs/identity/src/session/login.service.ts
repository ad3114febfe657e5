import { isUniqueViolation, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore } from '@suvidha/events';
import type { Db } from '../db.ts';
import type { ClientApp, OtpChallenge, User } from '../generated/prisma/client.ts';
import type { OtpService } from '../otp/otp.service.ts';
import { isUsername } from '../user/user.rules.ts';
import { canUseApp } from './client-app.rules.ts';
import type { SessionService, Tokens } from './session.service.ts';

/** What proves and says who logs in. */
export interface OtpLogin {
  readonly challengeId?: string | null | undefined;
  readonly destination?: string | null | undefined;
  readonly code: string;
  readonly clientApp: ClientApp;
}

export interface OtpRegistration extends OtpLogin {
  readonly username?: string | null | undefined;
}

export interface LoginServiceDependencies {
  readonly store: EventStore<Db>;
  readonly otp: OtpService;
  readonly sessions: SessionService;
  readonly now: () => Date;
}

/** Turns a right code into a session, for an account that is there or for a new one. */
export class LoginService {
  readonly #store: EventStore<Db>;
  readonly #otp: OtpService;
  readonly #sessions: SessionService;
  readonly #now: () => Date;

  constructor({ store, otp, sessions, now }: LoginServiceDependencies) {
    this.#store = store;
    this.#otp = otp;
    this.#sessions = sessions;
    this.#now = now;
  }

  /** @throws UserError of {@link OtpService.verify}, NOT_REGISTERED, or INVALID_INPUT for an app not for this person. */
  async loginWithOtp(login: OtpLogin): Promise<Tokens> {
    const challenge = await this.#otp.verify({ ...login, purpose: 'LOGIN' });
    return this.#store.transact(async ({ tx }) => {
      await this.#otp.consume(tx, challenge);
      const user = await tx.user.findUnique({ where: toContact(challenge) });
      if (!user) throw notRegistered();
      return this.#open(tx, user, login.clientApp);
    });
  }

  /**
   * @throws UserError of {@link OtpService.verify}, ALREADY_REGISTERED, or INVALID_INPUT for a name that breaks a rule
   * or an app not for everybody.
   */
  async registerWithOtp(registration: OtpRegistration): Promise<Tokens> {
    const username = registration.username ?? null;
    if (username !== null && !isUsername(username)) throw usernameNotAllowed();
    const challenge = await this.#otp.verify({ ...registration, purpose: 'REGISTRATION' });
    try {
      return await this.#store.transact(async ({ tx, append }) => {
        await this.#otp.consume(tx, challenge);
        const user = await this.#createUser(tx, challenge, username);
        await append({
          type: 'user.registered',
          aggregateType: 'user',
          aggregateId: user.id,
          payload: { userId: user.id },
        });
        return this.#open(tx, user, registration.clientApp);
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw alreadyRegistered();
      throw error;
    }
  }

  #createUser(tx: Db, challenge: OtpChallenge, username: string | null): Promise<User> {
    const now = this.#now();
    const verified =
      challenge.channel === 'SMS'
        ? { phoneNumber: challenge.destination, phoneVerifiedAt: now }
        : { email: challenge.destination, emailVerifiedAt: now };
    return tx.user.create({ data: { id: uuidv7(), username, roles: ['USER'], createdAt: now, ...verified } });
  }

  #open(tx: Db, user: User, clientApp: ClientApp): Promise<Tokens> {
    if (!canUseApp(user.roles, clientApp))
      throw new UserError(UserErrorCode.INVALID_INPUT, 'This account may not use this client app.', [
        'input',
        'clientApp',
      ]);
    return this.#sessions.open(tx, user, clientApp);
  }
}

function toContact({ channel, destination }: OtpChallenge) {
  return channel === 'SMS' ? { phoneNumber: destination } : { email: destination };
}

function notRegistered(): UserError {
  return new UserError(
    UserErrorCode.NOT_REGISTERED,
    'The code is right but there is no account yet: register.',
  );
}

function alreadyRegistered(): UserError {
  return new UserError(
    UserErrorCode.ALREADY_REGISTERED,
    'An account with this phone number, e-mail address or username exists.',
  );
}

function usernameNotAllowed(): UserError {
  return new UserError(UserErrorCode.INVALID_INPUT, 'A username is one line of 1 to 50 characters.', [
    'input',
    'username',
  ]);
}
