import { uuidv7 } from '@suvidha/db';
import type { UnitOfWork } from '@suvidha/events';
import type { Notifier } from '@suvidha/notifications';
import type { Sealer } from '@suvidha/seal';
import type { Db } from '../db.ts';
import type { LinkedAccount, SocialProvider, User } from '../generated/prisma/client.ts';
import { notifyOwner } from '../notification/account.notification.ts';
import { parseDestination } from '../otp/otp.rules.ts';
import type { SocialProfile } from '../providers/social-gateway.ts';
import { lockUser } from '../session/revocation.ts';
import { socialErrors } from './social.errors.ts';
import { keepGrant } from './social-grants.ts';
import { toDisplayName } from './social-login.rules.ts';

/** Somebody whom a provider has named, and what that changed here. */
export interface LinkedPerson {
  readonly user: User;
  /** `KNOWN` was linked before; `LINKED` had an account; `NEW` has one now. */
  readonly outcome: 'KNOWN' | 'LINKED' | 'NEW';
}

export interface AccountLinkerDependencies {
  readonly sealer: Sealer;
  readonly notifier: Notifier;
  readonly now: () => Date;
}

/** Decides whose a profile of a provider is. The issuer and its subject say so, never an e-mail address alone. */
export class AccountLinker {
  readonly #sealer: Sealer;
  readonly #notifier: Notifier;
  readonly #now: () => Date;

  constructor({ sealer, notifier, now }: AccountLinkerDependencies) {
    this.#sealer = sealer;
    this.#notifier = notifier;
    this.#now = now;
  }

  /**
   * The account of a profile: the one that it is linked to, else the one with its e-mail address where both sides have
   * verified that, else a new one.
   *
   * @throws UserError SOCIAL_ACCOUNT_EXISTS
   * @throws a unique violation when somebody else did the same at the same moment: run the transaction again
   */
  async signIn(
    unit: UnitOfWork<Db>,
    provider: SocialProvider,
    profile: SocialProfile,
  ): Promise<LinkedPerson> {
    const known = await this.#findLinked(unit.tx, provider, profile);
    if (known) {
      await this.#touch(unit.tx, known, profile);
      return { user: known.user, outcome: 'KNOWN' };
    }
    const email = toEmail(profile);
    const owner = email === null ? null : await unit.tx.user.findUnique({ where: { email } });
    if (!owner) return { user: await this.#createUser(unit, provider, profile), outcome: 'NEW' };
    if (!profile.isEmailVerified || owner.emailVerifiedAt === null) throw socialErrors.accountExists();
    await this.#add(unit, owner, { provider, profile });
    return { user: owner, outcome: 'LINKED' };
  }

  /**
   * Links a profile to somebody who is logged in. Linking it twice is no error.
   * @throws UserError SOCIAL_ALREADY_LINKED when it is somebody else's.
   */
  async link(
    unit: UnitOfWork<Db>,
    userId: string,
    { provider, profile }: { provider: SocialProvider; profile: SocialProfile },
  ): Promise<LinkedAccount> {
    const known = await this.#findLinked(unit.tx, provider, profile);
    if (known && known.userId !== userId) throw socialErrors.alreadyLinked();
    if (known) return this.#touch(unit.tx, known, profile);
    const user = await unit.tx.user.findUniqueOrThrow({ where: { id: userId } });
    return this.#add(unit, user, { provider, profile });
  }

  #findLinked(tx: Db, provider: SocialProvider, { issuer, subject }: SocialProfile) {
    return tx.linkedAccount.findUnique({
      where: { provider_issuer_subject: { provider, issuer, subject } },
      include: { user: true },
    });
  }

  /** The provider's name for the person is kept when it says none: Apple says it once. */
  async #touch(tx: Db, { id }: LinkedAccount, profile: SocialProfile): Promise<LinkedAccount> {
    const displayName = toDisplayName(profile.displayName);
    await this.#keepGrant(tx, id, profile);
    return tx.linkedAccount.update({
      where: { id },
      data: {
        email: toEmail(profile),
        isPrivateEmail: profile.isPrivateEmail,
        ...(displayName && { displayName }),
        lastUsedAt: this.#now(),
      },
    });
  }

  /** An address that the provider does not vouch for is not the account's: its owner must still be able to take it. */
  async #createUser(unit: UnitOfWork<Db>, provider: SocialProvider, profile: SocialProfile): Promise<User> {
    const now = this.#now();
    const email = profile.isEmailVerified ? toEmail(profile) : null;
    const user = await unit.tx.user.create({
      data: {
        id: uuidv7(),
        roles: ['USER'],
        email,
        emailVerifiedAt: email === null ? null : now,
        createdAt: now,
      },
    });
    await this.#createLink(unit.tx, user.id, { provider, profile });
    await unit.append({
      type: 'user.registered',
      aggregateType: 'user',
      aggregateId: user.id,
      payload: { userId: user.id },
    });
    return user;
  }

  async #add(
    unit: UnitOfWork<Db>,
    user: User,
    linked: { provider: SocialProvider; profile: SocialProfile },
  ): Promise<LinkedAccount> {
    await lockUser(unit.tx, user.id);
    const account = await this.#createLink(unit.tx, user.id, linked);
    await unit.append({
      type: 'user.updated',
      aggregateType: 'user',
      aggregateId: user.id,
      payload: { userId: user.id, changed: ['linkedAccounts'] },
    });
    const cause = `link:${account.id}`;
    await notifyOwner(unit.tx, this.#notifier, user, {
      happening: 'LOGIN_LINKED',
      cause,
      at: account.createdAt,
    });
    return account;
  }

  async #createLink(
    tx: Db,
    userId: string,
    { provider, profile }: { provider: SocialProvider; profile: SocialProfile },
  ): Promise<LinkedAccount> {
    const now = this.#now();
    const account = await tx.linkedAccount.create({
      data: {
        id: uuidv7(),
        userId,
        provider,
        issuer: profile.issuer,
        subject: profile.subject,
        email: toEmail(profile),
        isPrivateEmail: profile.isPrivateEmail,
        displayName: toDisplayName(profile.displayName),
        createdAt: now,
        lastUsedAt: now,
      },
    });
    await this.#keepGrant(tx, account.id, profile);
    return account;
  }

  async #keepGrant(tx: Db, linkedAccountId: string, { grant }: SocialProfile): Promise<void> {
    if (grant) await keepGrant(tx, this.#sealer, { linkedAccountId, token: grant });
  }
}

/** In the spelling in which accounts keep theirs. */
function toEmail({ email }: SocialProfile): string | null {
  const parsed = parseDestination(email ?? '');
  return parsed?.channel === 'EMAIL' ? parsed.address : null;
}
