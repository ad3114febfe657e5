import {
  type AccessTokenClaims,
  accessTokenAlgorithm,
  accessTokenIssuer,
  type ClientApp,
  type Role,
} from '@suvidha/auth';
import { SignJWT } from 'jose';
import type { SigningKeys } from '../keys/signing-keys.ts';

/** How long an access token holds, in milliseconds. */
const lifetimeMs = 15 * 60_000;

interface Subject {
  readonly user: { readonly id: string; readonly roles: readonly string[] };
  readonly sessionId: string;
  readonly clientApp: string;
}

/** Signs access tokens (RFC 9068). */
export interface AccessTokenIssuer {
  issue(subject: Subject): Promise<{ token: string; expiresAt: Date }>;
}

export function createAccessTokenIssuer(
  { kid, privateKey }: SigningKeys,
  now: () => Date,
): AccessTokenIssuer {
  return {
    async issue({ user, sessionId, clientApp }) {
      const issuedAt = now();
      const expiresAt = new Date(issuedAt.getTime() + lifetimeMs);
      const claims: AccessTokenClaims = {
        sub: user.id,
        sid: sessionId,
        aud: clientApp as ClientApp,
        roles: user.roles as Role[],
      };
      const token = await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: accessTokenAlgorithm, typ: 'at+jwt', kid })
        .setIssuer(accessTokenIssuer)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(privateKey);
      return { token, expiresAt };
    },
  };
}
