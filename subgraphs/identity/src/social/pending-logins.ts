import { createHash, randomBytes } from 'node:crypto';
import { uuidv7 } from '@suvidha/db';
import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type {
  ClientApp,
  Role,
  SocialIntent,
  SocialLogin,
  SocialProvider,
} from '../generated/prisma/client.ts';
import { socialErrors } from './social.errors.ts';
import { socialPolicy } from './social-login.rules.ts';

/** A login that is about to begin. */
export interface NewLogin {
  readonly provider: SocialProvider;
  readonly intent: SocialIntent;
  readonly clientApp: ClientApp;
  readonly role: Role | null;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  /** Who links. Null: nobody is logged in. */
  readonly userId: string | null;
}

/** What the provider must give back, inside what it signs or when it exchanges the code. */
export interface LoginSecrets {
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface PendingLoginDependencies {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly now: () => Date;
}

const sealPurpose = 'social-login';
const secretsSchema = z.object({ nonce: z.string(), codeVerifier: z.string() });

/** Logins at providers that were begun, each for one completion. The state is kept as a hash, the rest of the secrets sealed. */
export class PendingLogins {
  readonly #db: Db;
  readonly #sealer: Sealer;
  readonly #now: () => Date;

  constructor({ db, sealer, now }: PendingLoginDependencies) {
    this.#db = db;
    this.#sealer = sealer;
    this.#now = now;
  }

  async add(login: NewLogin, { state, ...secrets }: LoginSecrets & { state: string }): Promise<SocialLogin> {
    const createdAt = this.#now();
    const { lifetimeMs, retentionMs } = socialPolicy;
    await this.#db.socialLogin.deleteMany({
      where: { expiresAt: { lt: new Date(createdAt.getTime() - retentionMs) } },
    });
    return this.#db.socialLogin.create({
      data: {
        ...login,
        id: uuidv7(),
        stateHash: hash(state),
        sealedSecrets: this.#sealer.seal(sealPurpose, JSON.stringify(secrets)),
        createdAt,
        expiresAt: new Date(createdAt.getTime() + lifetimeMs),
      },
    });
  }

  /** A login that may still be completed, of this provider; null otherwise. Does not use it up. */
  find(provider: SocialProvider, state: string): Promise<SocialLogin | null> {
    return this.#db.socialLogin.findFirst({ where: { ...this.#openBy(state), provider } });
  }

  /**
   * Takes a login to complete it. Of two at the same moment one gets it.
   * @param userId who is logged in, which must be who began to link; null to log in
   * @throws UserError SOCIAL_LOGIN_INVALID
   */
  async claim(state: string, userId: string | null): Promise<SocialLogin & LoginSecrets> {
    const [login] = await this.#db.socialLogin.updateManyAndReturn({
      where: { ...this.#openBy(state), intent: userId === null ? 'LOGIN' : 'LINK', userId },
      data: { claimedAt: this.#now() },
    });
    if (!login) throw socialErrors.invalid();
    const secrets = JSON.parse(this.#sealer.unseal(sealPurpose, login.sealedSecrets));
    return { ...login, ...secretsSchema.parse(secrets) };
  }

  /** Gives a claimed login back: nothing came of it that cannot be tried again. */
  async release({ id }: SocialLogin): Promise<void> {
    await this.#db.socialLogin.updateMany({ where: { id }, data: { claimedAt: null } });
  }

  #openBy(state: string) {
    return { stateHash: hash(state), claimedAt: null, expiresAt: { gt: this.#now() } };
  }
}

/** 256 random bits: a plain hash is enough to make a stolen table useless. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

function hash(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
