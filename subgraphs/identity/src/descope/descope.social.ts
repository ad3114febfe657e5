import { z } from 'zod';
import type { SocialProvider } from '../generated/prisma/enums.ts';
import { refuse } from '../providers/oidc.client.ts';
import {
  type SocialGateway,
  type SocialGateways,
  type SocialProfile,
  SocialRefusal,
} from '../providers/social-gateway.ts';
import { DescopeRefusal, type DescopeSdk, readAnswer, readSession } from './descope.client.ts';

const providerNames = { GOOGLE: 'google', FACEBOOK: 'facebook', APPLE: 'apple' } as const;

const answerSchema = z.object({
  sessionJwt: z.string(),
  refreshJwt: z.string(),
  user: z.object({
    userId: z.string().min(1),
    email: z.string().optional(),
    verifiedEmail: z.boolean().optional(),
    name: z.string().optional(),
  }),
});

export interface DescopeSocialOptions {
  readonly sdk: DescopeSdk;
  /** It is the issuer of what Descope says. */
  readonly projectId: string;
}

/** Logins at providers with Descope in front of them: it keeps their state, nonce and PKCE; our state rides along. */
export function createDescopeGateways(options: DescopeSocialOptions): SocialGateways {
  return {
    GOOGLE: createGateway(options, 'GOOGLE'),
    FACEBOOK: createGateway(options, 'FACEBOOK'),
    APPLE: createGateway(options, 'APPLE'),
  };
}

function createGateway({ sdk, projectId }: DescopeSocialOptions, provider: SocialProvider): SocialGateway {
  return {
    start: ({ callbackUrl, state }) =>
      refuseAs(async () => {
        const back = `${callbackUrl}?${new URLSearchParams({ state })}`;
        const { url } = await readAnswer(sdk.oauth.start[providerNames[provider]](back));
        if (!url) throw new SocialRefusal('DESCOPE_NO_URL');
        return url;
      }),
    finish: ({ code }) =>
      refuseAs(async () => {
        const parsed = answerSchema.safeParse(await readAnswer(sdk.oauth.exchange(code)));
        if (!parsed.success) throw new SocialRefusal('DESCOPE_ANSWER');
        const { sessionJwt, refreshJwt, user } = parsed.data;
        // Signed by Descope's keys for this project, and about this user.
        const { sub } = await readSession(sdk, sessionJwt);
        if (sub !== user.userId) throw new SocialRefusal('DESCOPE_SUBJECT');
        return toProfile(projectId, user, refreshJwt);
      }),
  };
}

function toProfile(
  projectId: string,
  { userId, email, verifiedEmail, name }: z.output<typeof answerSchema>['user'],
  refreshJwt: string,
): SocialProfile {
  return {
    issuer: `descope:${projectId}`,
    subject: userId,
    email: email || null,
    isEmailVerified: Boolean(email) && verifiedEmail === true,
    isPrivateEmail: email?.endsWith('@privaterelay.appleid.com') ?? false,
    displayName: name || null,
    backEndToken: refreshJwt,
  };
}

async function refuseAs<T>(act: () => Promise<T>): Promise<T> {
  return refuse(async () => {
    try {
      return await act();
    } catch (error) {
      if (error instanceof DescopeRefusal) throw new SocialRefusal(error.code ?? 'DESCOPE', { cause: error });
      throw error;
    }
  });
}
