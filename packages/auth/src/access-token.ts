import { AppError } from '@suvidha/errors';
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { UserActor } from './actor.ts';
import { isKeySourceDown } from './key-source.ts';
import { ClientApp, Role, scopesOf } from './role.ts';

/** The only signature algorithm accepted in access tokens (RFC 8725 §3.1). */
export const accessTokenAlgorithm = 'ES256';

export const accessTokenIssuer = 'suvidha-identity';

/** Claims of an access token besides the registered ones. Its type is `at+jwt` (RFC 9068). */
export interface AccessTokenClaims {
  /** User id. */
  readonly sub: string;
  /** Session id, by which a token is revoked before it expires. */
  readonly sid: string;
  /** The client application the token is for. */
  readonly aud: ClientApp;
  readonly roles: readonly Role[];
}

/** Turns a bearer token into the person it stands for, with the time it expires. */
export type AccessTokenVerifier = (token: string) => Promise<VerifiedToken>;

export interface VerifiedToken {
  readonly actor: UserActor;
  readonly expiresAt: Date;
  /** To the millisecond. Absent: the token does not say. */
  readonly issuedAt?: Date;
}

/**
 * @param keys finds the public key by the token's `kid`.
 * @param now what time it is. Default: the system's clock.
 * @returns a verifier that throws AppError UNAUTHENTICATED (reason `TOKEN_EXPIRED` or `TOKEN_INVALID`) for a bad
 * token, and UPSTREAM_UNAVAILABLE when the keys cannot be had: a fault of ours is not the client's bad token.
 */
export function createAccessTokenVerifier(
  keys: JWTVerifyGetKey,
  { now }: { readonly now?: () => Date } = {},
): AccessTokenVerifier {
  return async (token) => {
    try {
      const { payload } = await jwtVerify<AccessTokenClaims>(token, keys, {
        issuer: accessTokenIssuer,
        audience: Object.values(ClientApp),
        algorithms: [accessTokenAlgorithm],
        typ: 'at+jwt',
        requiredClaims: ['sub', 'sid', 'exp', 'roles'],
        ...(now && { currentDate: now() }),
      });
      return {
        actor: toActor(payload),
        expiresAt: new Date((payload.exp ?? 0) * 1000),
        ...(payload.iat !== undefined && { issuedAt: new Date(Math.round(payload.iat * 1000)) }),
      };
    } catch (error) {
      throw toTokenError(error);
    }
  };
}

function toActor(claims: AccessTokenClaims): UserActor {
  const roles = claims.roles.filter((role) => Object.values(Role).includes(role));
  return {
    kind: 'user',
    userId: claims.sub,
    sessionId: claims.sid,
    clientApp: claims.aud,
    roles,
    scopes: scopesOf(roles),
  };
}

function toTokenError(error: unknown): AppError {
  if (error instanceof errors.JWTExpired)
    return new AppError('UNAUTHENTICATED', 'The access token has expired: refresh the session.', {
      reason: 'TOKEN_EXPIRED',
    });
  if (isKeySourceDown(error))
    return new AppError('UPSTREAM_UNAVAILABLE', 'Tokens cannot be checked right now.', { cause: error });
  return new AppError('UNAUTHENTICATED', 'The access token is not valid.', { reason: 'TOKEN_INVALID' });
}
