import { UserError, UserErrorCode } from '@suvidha/errors';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type { User } from '../generated/prisma/client.ts';
import type { AddressLimits } from '../limit/address.limits.ts';
import type { RateLimit, RateLimiter } from '../limit/rate-limiter.ts';
import { credentialsIncorrect } from './password.errors.ts';
import type { PasswordHasher } from './password.hasher.ts';

/** Wrong passwords in a row that one name may be tried with; then it is locked for the rest of the window. */
const lockout: RateLimit = { name: 'password', limit: 10, windowMs: 15 * 60_000 };

export interface CredentialDependencies {
  readonly db: Db;
  readonly hasher: PasswordHasher;
  readonly limiter: RateLimiter;
  readonly addressLimits: AddressLimits;
}

/** A password as somebody presents it. */
export interface PresentedPassword {
  /** What is counted when it is wrong: the name that was typed, or the account. */
  readonly name: string;
  /** Null: there is no such account. */
  readonly user: User | null;
  readonly password: string;
  /** Input field to show the error at. */
  readonly field: string;
}

/** Checks passwords. Does the same, and takes as long, whether or not there is an account. */
export class CredentialService {
  readonly #dependencies: CredentialDependencies;

  constructor(dependencies: CredentialDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * The account whose password this is. The try is counted before it is compared. A hash that was made at another cost
   * is replaced by one at the cost of today.
   * @returns the account, with the hash that the password was found to be right for
   * @throws UserError CREDENTIALS_INCORRECT or RATE_LIMITED.
   */
  async verify(caller: SubgraphContext, { name, user, password, field }: PresentedPassword): Promise<User> {
    const { db, hasher, limiter, addressLimits } = this.#dependencies;
    await addressLimits.countAttempt(db, caller);
    if (!(await limiter.count(db, lockout, name)))
      throw new UserError(
        UserErrorCode.RATE_LIMITED,
        'Too many wrong passwords: try again in a quarter of an hour, or ask for a new one.',
      );
    const isRight = await hasher.verify(user?.passwordHash ?? null, password);
    if (!user || !isRight) throw credentialsIncorrect(field);
    await limiter.forget(db, lockout, name);
    return this.#renew(user, password, field);
  }

  async #renew(user: User, password: string, field: string): Promise<User> {
    const { db, hasher } = this.#dependencies;
    const { id, passwordHash } = user;
    if (!passwordHash || !hasher.isOutdated(passwordHash)) return user;
    const renewed = await hasher.hash(password);
    // Conditional: a password that was changed meanwhile stays changed.
    await db.user.updateMany({ where: { id, passwordHash }, data: { passwordHash: renewed } });
    const current = await db.user.findUniqueOrThrow({ where: { id } });
    if (!(await hasher.verify(current.passwordHash, password))) throw credentialsIncorrect(field);
    return current;
  }
}
