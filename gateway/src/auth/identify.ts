import type { AccessTokenVerifier } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import { anonymousClient, type ClientIdentity } from './client-identity.ts';
import { blindTrust, type Trust } from './trust.ts';

/** Turns the value of an `Authorization` header, or what a client sends in its place, into a client. */
export type Identify = (authorization: unknown) => Promise<ClientIdentity>;

/**
 * @param verify absent: there are no tokens, everybody is anonymous.
 * @param trust says who was revoked.
 * @returns a function that throws AppError UNAUTHENTICATED for a bad token or a revoked session, UPSTREAM_UNAVAILABLE
 * when tokens cannot be checked. No token at all is no error.
 */
export function createIdentify(verify: AccessTokenVerifier | undefined, trust: Trust = blindTrust): Identify {
  return async (authorization) => {
    if (!verify || authorization === undefined || authorization === '') return anonymousClient;
    const token = readToken(authorization);
    if (!token)
      throw new AppError('UNAUTHENTICATED', 'The authorization must be "Bearer" and an access token.', {
        reason: 'TOKEN_INVALID',
      });
    const identity = await verify(token);
    trust.assert(identity);
    return identity;
  };
}

function readToken(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
}
