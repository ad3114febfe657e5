import type { AccessTokenVerifier } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import { anonymousClient, type ClientIdentity } from '../pipeline/client-identity.ts';

/** Turns the value of an `Authorization` header into a client. */
export type Identify = (authorization: string | undefined) => Promise<ClientIdentity>;

/**
 * @param verify absent: there are no tokens, everybody is anonymous.
 * @returns a function that throws AppError UNAUTHENTICATED for a bad token. No token at all is no error.
 */
export function createIdentify(verify: AccessTokenVerifier | undefined): Identify {
  return async (authorization) => {
    if (!verify || authorization === undefined || authorization === '') return anonymousClient;
    const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (!token)
      throw new AppError('UNAUTHENTICATED', 'The authorization must be "Bearer" and an access token.', {
        reason: 'TOKEN_INVALID',
      });
    return verify(token);
  };
}
