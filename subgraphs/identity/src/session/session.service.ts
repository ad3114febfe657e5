import { createHash, randomBytes } from 'node:crypto';
import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { Db } from '../db.ts';
import type { ClientApp, PrismaClient, User } from '../generated/prisma/client.ts';
import type { AccessTokenIssuer } from './access-token.issuer.ts';

/** How long a refresh token may wait to be used, in milliseconds. */
const refreshLifetimeMs = 7 * 24 * 60 * 60_000;

/** What a client gets when it logs in or refreshes. */
export interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly user: User;
}

export interface SessionServiceDependencies {
  readonly db: PrismaClient;
  readonly issuer: AccessTokenIssuer;
  readonly now: () => Date;
}

/** Logins and their refresh tokens, which are exchanged on every use. */
export class SessionService {
  readonly #db: PrismaClient;
  readonly #issuer: AccessTokenIssuer;
  readonly #now: () => Date;

  constructor({ db, issuer, now }: SessionServiceDependencies) {
    this.#db = db;
    this.#issuer = issuer;
    this.#now = now;
  }

  /** Opens a session for a person who has proven who they are. */
  async open(tx: Db, user: User, clientApp: ClientApp): Promise<Tokens> {
    const session = await tx.session.create({
      data: { id: uuidv7(), userId: user.id, clientApp, createdAt: this.#now() },
    });
    return this.#issue(tx, user, session);
  }

  /**
   * Exchanges a refresh token for new tokens. A token that was exchanged before ends the whole session: one of the
   * two who hold it stole it (RFC 9700 §4.14.2).
   * @throws UserError REFRESH_TOKEN_INVALID.
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const tokenHash = hash(refreshToken);
    const tokens = await this.#db.$transaction((tx) => this.#exchange(tx, tokenHash));
    if (tokens) return tokens;
    await this.#revokeIfReused(tokenHash);
    throw new UserError(
      UserErrorCode.REFRESH_TOKEN_INVALID,
      'The refresh token is unknown, used, revoked or expired: log in again.',
      ['input', 'refreshToken'],
    );
  }

  /** Ends the session of whoever asks. Ending it twice is no error. */
  async close(actor: UserActor): Promise<void> {
    await this.#db.session.updateMany({
      where: { id: actor.sessionId, userId: actor.userId, revokedAt: null },
      data: { revokedAt: this.#now() },
    });
  }

  async #exchange(tx: Db, tokenHash: string): Promise<Tokens | null> {
    const now = this.#now();
    const { count } = await tx.refreshToken.updateMany({
      where: { tokenHash, usedAt: null, expiresAt: { gt: now }, session: { revokedAt: null } },
      data: { usedAt: now },
    });
    if (count !== 1) return null;
    const { session } = await tx.refreshToken.findUniqueOrThrow({
      where: { tokenHash },
      select: { session: { include: { user: true } } },
    });
    return this.#issue(tx, session.user, session);
  }

  async #revokeIfReused(tokenHash: string): Promise<void> {
    await this.#db.session.updateMany({
      where: { revokedAt: null, refreshTokens: { some: { tokenHash, usedAt: { not: null } } } },
      data: { revokedAt: this.#now() },
    });
  }

  async #issue(tx: Db, user: User, session: { id: string; clientApp: ClientApp }): Promise<Tokens> {
    const refreshToken = randomBytes(32).toString('base64url');
    const now = this.#now();
    await tx.refreshToken.create({
      data: {
        id: uuidv7(),
        sessionId: session.id,
        tokenHash: hash(refreshToken),
        createdAt: now,
        expiresAt: new Date(now.getTime() + refreshLifetimeMs),
      },
    });
    const { token, expiresAt } = await this.#issuer.issue({
      user,
      sessionId: session.id,
      clientApp: session.clientApp,
    });
    return { accessToken: token, accessTokenExpiresAt: expiresAt, refreshToken, user };
  }
}

/** A refresh token has 256 random bits: a plain hash is enough to make a stolen table useless. */
function hash(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}
