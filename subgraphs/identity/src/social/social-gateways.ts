import { ConfigError, type ConfigOf } from '@suvidha/config';
import { createAppleGateway } from '../providers/apple/apple.gateway.ts';
import { createFacebookGateway } from '../providers/facebook/facebook.gateway.ts';
import { createGoogleGateway } from '../providers/google/google.gateway.ts';
import type { SocialGateways } from '../providers/social-gateway.ts';
import type { socialVariables } from './social.variables.ts';

export type SocialConfig = ConfigOf<typeof socialVariables>;

/**
 * The providers that have credentials.
 * @throws Error that names what is missing for a provider that has only some of its credentials
 */
export function createSocialGateways({ google, facebook, apple }: SocialConfig): SocialGateways {
  return {
    ...(google.clientId && {
      GOOGLE: createGoogleGateway({
        issuer: google.issuer,
        clientId: google.clientId,
        clientSecret: need('GOOGLE_CLIENT_SECRET', google.clientSecret),
      }),
    }),
    ...(facebook.appId && {
      FACEBOOK: createFacebookGateway({
        dialogUrl: facebook.dialogUrl,
        graphUrl: facebook.graphUrl,
        appId: facebook.appId,
        appSecret: need('FACEBOOK_APP_SECRET', facebook.appSecret),
      }),
    }),
    ...(apple.clientId && {
      APPLE: createAppleGateway({
        issuer: apple.issuer,
        clientId: apple.clientId,
        teamId: need('APPLE_TEAM_ID', apple.teamId),
        keyId: need('APPLE_KEY_ID', apple.keyId),
        privateKey: need('APPLE_PRIVATE_KEY', apple.privateKey),
      }),
    }),
  };
}

function need(name: string, value: string | undefined): string {
  if (value === undefined) throw new ConfigError([`${name} is missing`]);
  return value;
}
