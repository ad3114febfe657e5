import { type AccessTokenVerifier, scopesOf } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import type { Db } from '../db.ts';

/** What an access token is worth now. */
export interface TokenInspection {
  readonly isValid: boolean;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly clientApp: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
}

const worthless: TokenInspection = {
  isValid: false,
  userId: null,
  sessionId: null,
  clientApp: null,
  scopes: [],
  expiresAt: null,
};

/** Looks into access tokens, and whether the session and the account behind them still stand. */
export class TokenInspectionService {
  readonly #db: Db;
  readonly #verify: AccessTokenVerifier;

  constructor(db: Db, verify: AccessTokenVerifier) {
    this.#db = db;
    this.#verify = verify;
  }

  /** Says of a bad token only that it is bad. */
  async inspect(token: string): Promise<TokenInspection> {
    const verified = await this.#verify(token).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return null;
      throw error;
    });
    if (!verified) return worthless;
    const { actor, expiresAt, issuedAt } = verified;
    const session = await this.#db.session.findFirst({
      where: { id: actor.sessionId, userId: actor.userId, revokedAt: null, user: { status: 'ACTIVE' } },
      select: { user: { select: { tokensNotBefore: true } } },
    });
    if (!session || isVoid(issuedAt, session.user.tokensNotBefore)) return worthless;
    const { userId, sessionId, clientApp, roles } = actor;
    return { isValid: true, userId, sessionId, clientApp, scopes: scopesOf(roles), expiresAt };
  }
}

/** A token that does not say when it was issued is as old as can be. */
function isVoid(issuedAt: Date | undefined, notBefore: Date | null): boolean {
  return notBefore !== null && (issuedAt === undefined || issuedAt < notBefore);
}
