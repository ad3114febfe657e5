import { createPublicKey } from 'node:crypto';
import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library';
import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { consent, redirectUri } from './consent.fixture.ts';
import { call, type Json, startSandbox } from './sandbox.fixture.ts';

const clientId = '100000000000-sandbox.apps.googleusercontent.com';

/** Google's own client, told where Google is. */
function createClient(sandbox: Sandbox, clientSecret = 'sandbox_google_secret'): OAuth2Client {
  return new OAuth2Client({
    clientId,
    clientSecret,
    redirectUri,
    endpoints: {
      oauth2AuthBaseUrl: `${sandbox.url}/google/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${sandbox.url}/google/token`,
      oauth2RevokeUrl: `${sandbox.url}/google/revoke`,
    },
  });
}

/** The published keys in the form in which the client verifies with them. */
async function readKeys(sandbox: Sandbox): Promise<Record<string, string>> {
  const { body } = await call('GET', `${sandbox.url}/google/oauth2/v3/certs`);
  const toPem = (key: Json) =>
    createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  return Object.fromEntries(body.keys.map((key: Json) => [key.kid, toPem(key)]));
}

it('sends people to the page, exchanges codes, verifies ID tokens and revokes', async () => {
  await using sandbox = await startSandbox();
  const client = createClient(sandbox);
  const { codeVerifier, codeChallenge = '' } = await client.generateCodeVerifierAsync();
  const url = client.generateAuthUrl({
    scope: ['openid', 'email', 'profile'],
    state: 's-1',
    code_challenge: codeChallenge,
    code_challenge_method: CodeChallengeMethod.S256,
  });
  const { fields } = await consent(sandbox, url);
  const { tokens } = await client.getToken({ code: String(fields.code), codeVerifier });
  expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid email profile' });

  const keys = await readKeys(sandbox);
  const issuers = [`${sandbox.url}/google`];
  const idToken = tokens.id_token ?? '';
  const ticket = await client.verifySignedJwtWithCertsAsync(idToken, keys, clientId, issuers);
  expect(ticket.getPayload()).toMatchObject({ email: 'asha.rao@example.com', email_verified: true });
  await expect(client.verifySignedJwtWithCertsAsync(idToken, keys, 'another-app', issuers)).rejects.toThrow(
    'Wrong recipient',
  );

  expect((await client.revokeToken(tokens.access_token ?? '')).status).toBe(200);
  await expect(client.revokeToken(tokens.access_token ?? '')).rejects.toMatchObject({ status: 400 });
});

it('reads the refusals', async () => {
  await using sandbox = await startSandbox();
  const refusalOf = (client: OAuth2Client) => expect(client.getToken('made-up')).rejects;
  await refusalOf(createClient(sandbox)).toMatchObject({
    status: 400,
    message: expect.stringMatching(/invalid_grant/),
  });
  await refusalOf(createClient(sandbox, 'wrong')).toMatchObject({ status: 401 });
});
