import { importPKCS8, SignJWT } from 'jose';
import type { ClientAuth } from 'openid-client';
import { z } from 'zod';
import { OidcClient } from '../oidc.client.ts';
import { type SocialGateway, SocialRefusal } from '../social-gateway.ts';

export interface AppleOptions {
  readonly issuer: string;
  /** The Services ID. */
  readonly clientId: string;
  readonly teamId: string;
  readonly keyId: string;
  /** The `.p8` file: PKCS #8 in PEM. */
  readonly privateKey: string;
}

/** A secret is made for each call, and holds for the time that the call takes. */
const secretLifetimeSeconds = 300;

/** Apple writes booleans as such or as text. */
const flag = z
  .boolean()
  .or(z.enum(['true', 'false']).transform((text) => text === 'true'))
  .default(false);

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: flag,
  is_private_email: flag,
});

const userSchema = z.object({
  name: z.object({ firstName: z.string().optional(), lastName: z.string().optional() }).optional(),
});

/** Sign in with Apple for the web (https://developer.apple.com/documentation/signinwithapplerestapi). */
export function createAppleGateway(options: AppleOptions): SocialGateway {
  const { issuer, clientId } = options;
  const clientAuth = createClientAuth(options);
  const client = new OidcClient({ vendor: 'Apple', issuer, clientId, clientAuth });
  return {
    // With a scope, Apple answers by a form that the browser posts.
    start: (start) => client.toAuthorizationUrl(start, { scope: 'name email', response_mode: 'form_post' }),
    async finish(answer) {
      const { claims, refreshToken } = await client.exchange(answer);
      const parsed = claimsSchema.safeParse(claims);
      if (!parsed.success) throw new SocialRefusal('CLAIMS');
      const { iss, sub, email = null, email_verified, is_private_email } = parsed.data;
      return {
        issuer: iss,
        subject: sub,
        email,
        isEmailVerified: email !== null && email_verified,
        isPrivateEmail: is_private_email,
        displayName: readName(answer.userText),
        grant: refreshToken,
      };
    },
    // Apple wants it when somebody deletes their account (TN3194).
    revoke: (grant) => client.revoke(grant),
  };
}

/** The client secret is a JWT that our key signs, for Apple alone. */
function createClientAuth({ issuer, clientId, teamId, keyId, privateKey }: AppleOptions): ClientAuth {
  return async (_server, _client, body) => {
    const now = Math.floor(Date.now() / 1000);
    const secret = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + secretLifetimeSeconds)
      .sign(await importPKCS8(privateKey, 'ES256'));
    body.set('client_id', clientId);
    body.set('client_secret', secret);
  };
}

/** The name only: nobody signed this text, so the address in it may be anybody's. */
function readName(userText: string | undefined): string | null {
  if (userText === undefined) return null;
  try {
    const { name } = userSchema.parse(JSON.parse(userText));
    return [name?.firstName, name?.lastName].filter(Boolean).join(' ') || null;
  } catch {
    return null;
  }
}
