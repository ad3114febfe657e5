import { isUniqueViolation, uuidv7 } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import { type EmailLinkService, linkInvalid } from '../email-link/email-link.service.ts';
import type { EmailLink, PrismaClient, User } from '../generated/prisma/client.ts';
import type { AddressLimits } from '../limit/address.limits.ts';
import type { LoginGate } from '../session/login.gate.ts';
import type { LoginWish } from '../session/session.rules.ts';
import type { Tokens } from '../session/session.service.ts';
import { alreadyRegistered, readUsername } from '../user/user.errors.ts';
import { findByName } from '../user/user.queries.ts';
import type { CredentialService } from './credential.service.ts';
import { assertAllowed, credentialsIncorrect } from './password.errors.ts';
import type { PasswordHasher } from './password.hasher.ts';
import type { PasswordPolicy } from './password.policy.ts';

export interface PasswordRegistration {
  readonly email: string;
  readonly password: string;
  readonly username?: string | null | undefined;
}

/** A link that somebody follows. */
export interface Following {
  readonly token: string;
  /** Instead of the name that was asked for, which somebody else may have taken since. */
  readonly username?: string | null | undefined;
  /** The one that was registered with. */
  readonly password?: string | null | undefined;
}

export interface PasswordLogin extends LoginWish {
  /** E-mail address, phone number or username. */
  readonly name: string;
  readonly password: string;
}

export interface PasswordServiceDependencies {
  readonly db: PrismaClient;
  readonly store: EventStore<Db>;
  readonly links: EmailLinkService;
  readonly credentials: CredentialService;
  readonly addressLimits: AddressLimits;
  readonly hasher: PasswordHasher;
  readonly policy: PasswordPolicy;
  readonly gate: LoginGate;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

/** Opens accounts that have a password, and logs in to them. */
export class PasswordService {
  readonly #dependencies: PasswordServiceDependencies;

  constructor(dependencies: PasswordServiceDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Sends a link that opens the account when it is followed. Until then there is none: nobody can take an address
   * that is not theirs, and the answer does not tell whether it has an account.
   * @throws UserError PASSWORD_NOT_ALLOWED, INVALID_INPUT or RATE_LIMITED.
   */
  async register(
    caller: SubgraphContext,
    { email, password, username }: PasswordRegistration,
  ): Promise<void> {
    const { db, store, links, hasher, policy, addressLimits } = this.#dependencies;
    const name = readUsername(username);
    // To judge a password takes a while: it is counted apart from mails, which one that is refused does not use up.
    await addressLimits.countAttempt(db, caller);
    assertAllowed(policy, password, { personal: [email, name], field: 'password' });
    await links.countRequest(caller, email);
    const known = (await links.findOpenRegistration(email))?.passwordHash ?? null;
    // Who asks twice with the same password is one person: the hash stays, so that the address is not contested.
    const isSame = await hasher.verify(known, password);
    const passwordHash = isSame && known !== null ? known : await hasher.hash(password);
    await store.transact(({ tx }) =>
      links.send(tx, { purpose: 'REGISTRATION', email, username: name, passwordHash }),
    );
  }

  /**
   * Sends the link of a registration again. The answer is the same whether or not one waits.
   * @throws UserError RATE_LIMITED.
   */
  async resendVerification(caller: SubgraphContext, email: string): Promise<void> {
    const { store, links } = this.#dependencies;
    await links.countRequest(caller, email);
    await store.transact(({ tx }) => links.resend(tx, email));
  }

  /**
   * Follows a link: opens the account that waits for it, or adds the address to the account it was sent for. Where the
   * address was registered with more than one password, none of them is taken over unless it is given here too: a thief who
   * registers the address of somebody else must not have their link followed for them.
   * @throws UserError LINK_INVALID, ALREADY_REGISTERED, CREDENTIALS_INCORRECT or INVALID_INPUT.
   */
  async verifyEmail(caller: SubgraphContext, following: Following): Promise<User> {
    const { token, password } = following;
    const username = readUsername(following.username);
    const { links } = this.#dependencies;
    const link = await links.get(caller, token, ['REGISTRATION', 'VERIFICATION']);
    try {
      return link.purpose === 'REGISTRATION'
        ? await this.#openAccount(caller, link, { username, password })
        : await this.#addAddress(caller, link);
    } catch (error) {
      if (isUniqueViolation(error)) throw alreadyRegistered();
      throw error;
    }
  }

  /** @throws UserError of {@link CredentialService.verify} and {@link LoginGate.open}. */
  async login(caller: SubgraphContext, login: PasswordLogin): Promise<Tokens> {
    const { db, store, credentials, gate, audit } = this.#dependencies;
    const { name, password, clientApp } = login;
    const known = await findByName(db, name);
    const attempt = {
      action: AuditAction.LOGIN,
      subjectId: known?.id,
      clientApp,
      details: { method: 'PASSWORD' },
    };
    return audit.watch(caller, attempt, async () => {
      const user = await credentials.verify(caller, {
        name: name.toLowerCase(),
        user: known,
        password,
        field: 'password',
      });
      return store.transact(({ tx }) => gate.open(tx, caller, user, { ...login, method: 'PASSWORD' }));
    });
  }

  async #openAccount(
    caller: SubgraphContext,
    link: EmailLink,
    following: Omit<Following, 'token'>,
  ): Promise<User> {
    const { store, links, audit, now } = this.#dependencies;
    const { email } = link;
    const username = following.username ?? link.username;
    const passwordHash = await this.#choosePassword(link, following.password);
    return store.transact(async ({ tx, append }) => {
      await links.consume(tx, link);
      const at = now();
      const user = await tx.user.create({
        data: {
          id: uuidv7(),
          email,
          username,
          passwordHash,
          roles: ['USER'],
          emailVerifiedAt: at,
          createdAt: at,
        },
      });
      await append({
        type: 'user.registered',
        aggregateType: 'user',
        aggregateId: user.id,
        payload: { userId: user.id },
      });
      await audit.record(tx, caller, {
        action: AuditAction.REGISTRATION,
        subjectId: user.id,
        details: { method: 'PASSWORD' },
      });
      return user;
    });
  }

  /** @returns null: nobody can say whose password it is. */
  async #choosePassword(link: EmailLink, password: string | null | undefined): Promise<string | null> {
    const { links, hasher } = this.#dependencies;
    const { passwordHash } = link;
    if (passwordHash === null) throw linkInvalid();
    if (!(await links.isContested(link))) return passwordHash;
    if (typeof password !== 'string') return null;
    if (await hasher.verify(passwordHash, password)) return passwordHash;
    throw credentialsIncorrect('password');
  }

  #addAddress(caller: SubgraphContext, link: EmailLink): Promise<User> {
    const { store, links, audit, now } = this.#dependencies;
    return store.transact(async ({ tx, append }) => {
      await links.consume(tx, link);
      const [user] = await tx.user.updateManyAndReturn({
        // Only an account without one: a link must not replace an address that was set since.
        where: { id: link.userId ?? '', email: null, status: 'ACTIVE' },
        data: { email: link.email, emailVerifiedAt: now() },
      });
      if (!user) throw linkInvalid();
      await append({
        type: 'user.updated',
        aggregateType: 'user',
        aggregateId: user.id,
        payload: { userId: user.id, changed: ['email'] },
      });
      await audit.record(tx, caller, {
        action: AuditAction.CONTACT_CHANGED,
        subjectId: user.id,
        details: { contact: 'email' },
      });
      return user;
    });
  }
}
