import {
  type AccessTokenClaims,
  accessTokenAlgorithm,
  accessTokenIssuer,
  type ClientApp,
  type Role,
} from '@suvidha/auth';
import { SignJWT } from 'jose';
import type { Signer } from '../keys/signing-keys.ts';

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

/** @param getSigner asked for each token, because keys change while the process runs */
export function createAccessTokenIssuer(
  getSigner: () => Promise<Signer>,
  now: () => Date,
): AccessTokenIssuer {
  return {
    async issue({ user, sessionId, clientApp }) {
      const { kid, privateKey } = await getSigner();
      const issuedAt = now();
      const expiresAt = new Date(issuedAt.getTime() + lifetimeMs);
      const claims: AccessTokenClaims = {
        sub: user.id,
        sid: sessionId,
        aud: clientApp as ClientApp,
        roles: user.roles as Role[],
      };
      // To the millisecond, which RFC 7519 §2 allows: what was issued just before and just after a revocation must differ.
      const token = await new SignJWT({ ...claims, iat: issuedAt.getTime() / 1000 })
        .setProtectedHeader({ alg: accessTokenAlgorithm, typ: 'at+jwt', kid })
        .setIssuer(accessTokenIssuer)
        .setExpirationTime(expiresAt)
        .sign(privateKey);
      return { token, expiresAt };
    },
  };
}
