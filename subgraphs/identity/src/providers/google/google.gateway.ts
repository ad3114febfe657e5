import { ClientSecretPost } from 'openid-client';
import { z } from 'zod';
import { OidcClient } from '../oidc.client.ts';
import { type SocialGateway, SocialRefusal } from '../social-gateway.ts';

export interface GoogleOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.boolean().default(false),
  name: z.string().optional(),
});

/** Sign in with Google (https://developers.google.com/identity/openid-connect/openid-connect). */
export function createGoogleGateway({ issuer, clientId, clientSecret }: GoogleOptions): SocialGateway {
  const clientAuth = ClientSecretPost(clientSecret);
  const client = new OidcClient({ vendor: 'Google', issuer, clientId, clientAuth });
  return {
    start: (start) =>
      client.toAuthorizationUrl(start, { scope: 'openid email profile', prompt: 'select_account' }),
    async finish(answer) {
      const { claims } = await client.exchange(answer);
      const parsed = claimsSchema.safeParse(claims);
      if (!parsed.success) throw new SocialRefusal('CLAIMS');
      const { iss, sub, email = null, email_verified, name = null } = parsed.data;
      return {
        issuer: iss,
        subject: sub,
        email,
        isEmailVerified: email !== null && email_verified,
        isPrivateEmail: false,
        displayName: name,
      };
    },
  };
}
