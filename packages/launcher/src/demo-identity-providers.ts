import { generateKeyPairSync } from 'node:crypto';
import { sandboxApps } from '@suvidha/sandbox';
import type { Env } from './config.ts';

const { google, facebook, apple, descope } = sandboxApps;

/**
 * Points the product at the sandbox's Google, Facebook, Apple and Descope. The key that signs for Apple is made anew and
 * registered there, as a developer does in Apple's console.
 */
export async function registerWithProviders(sandboxUrl: string): Promise<Env> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await fetch(`${sandboxUrl}/control/apple-key`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ publicKey: publicKey.export({ type: 'spki', format: 'pem' }) }),
  });
  return {
    ...toProviderEnv(sandboxUrl),
    APPLE_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function toProviderEnv(url: string): Env {
  return {
    GOOGLE_ISSUER: `${url}/google`,
    GOOGLE_CLIENT_ID: google.clientId,
    GOOGLE_CLIENT_SECRET: google.clientSecret,
    FACEBOOK_DIALOG_URL: `${url}/facebook/v24.0/dialog/oauth`,
    FACEBOOK_GRAPH_URL: `${url}/facebook/v24.0`,
    FACEBOOK_APP_ID: facebook.appId,
    FACEBOOK_APP_SECRET: facebook.appSecret,
    APPLE_ISSUER: `${url}/apple`,
    APPLE_CLIENT_ID: apple.clientId,
    APPLE_TEAM_ID: apple.teamId,
    APPLE_KEY_ID: apple.keyId,
    DESCOPE_BASE_URL: `${url}/descope`,
    DESCOPE_PROJECT_ID: descope.projectId,
    SOCIAL_REDIRECT_URIS: 'WEB=http://localhost:*/social/return,WEB=http://127.0.0.1:*/social/return',
  };
}
