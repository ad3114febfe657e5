import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { createSandbox } from '../src/index.ts';
import { consent, strike, toAuthorizationUrl } from './consent.fixture.ts';
import { call, controlOf, credentials, startSandbox } from './sandbox.fixture.ts';

it.each(['google', 'apple'])('names of %s for browsers and for servers may differ', async (provider) => {
  await using sandbox = await createSandbox({
    port: 0,
    ...credentials,
    identityProviders: { publicUrl: 'https://outside.example' },
  });
  const { body } = await call('GET', `${sandbox.url}/${provider}/.well-known/openid-configuration`);
  expect(body.authorization_endpoint).toMatch(new RegExp(`^https://outside\\.example/${provider}/`));
  for (const name of ['issuer', 'token_endpoint', 'jwks_uri'])
    expect(body[name]).toMatch(new RegExp(`^${sandbox.url}/${provider}`));
});

it('know the app by what the environment says', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const config = loadConfig({
    GOOGLE_CLIENT_ID: 'id',
    GOOGLE_CLIENT_SECRET: 'secret',
    APPLE_CLIENT_ID: 'services-id',
    APPLE_TEAM_ID: 'team',
    APPLE_KEY_ID: 'key',
    APPLE_PRIVATE_KEY: pem.replaceAll('\n', '\\n'),
    DESCOPE_PROJECT_ID: 'P2other',
    FACEBOOK_APP_ID: '',
  });
  expect('options' in config && config.options.identityProviders).toEqual({
    publicUrl: undefined,
    google: { clientId: 'id', clientSecret: 'secret' },
    apple: {
      clientId: 'services-id',
      teamId: 'team',
      keyId: 'key',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    },
    descope: { projectId: 'P2other' },
  });
});

it('forget everybody on reset', async () => {
  await using sandbox = await startSandbox();
  const url = toAuthorizationUrl(`${sandbox.url}/apple/auth/authorize`, {
    client_id: 'example.suvidha.web',
    scope: 'name email',
    response_mode: 'form_post',
  });
  await consent(sandbox, url);
  expect((await consent(sandbox, url)).fields.user).toBeUndefined();
  await controlOf(sandbox).post('/reset');
  expect((await consent(sandbox, url)).fields.user).toContain('Asha');
});

it.each([
  ['a page that asks nobody', { authorizationUrl: 'http://localhost/other' }, 'authorizationUrl'],
  ['no address', { authorizationUrl: 'x' }, 'authorizationUrl'],
  ['a stranger', { authorizationUrl: 'http://localhost/descope-login', person: 'nobody' }, 'person'],
  ['a login that is over', { authorizationUrl: 'http://localhost/descope-login?flow=x' }, 'authorizationUrl'],
])('the control refuses %s', async (_what, body, field) => {
  await using sandbox = await startSandbox();
  const answer = await controlOf(sandbox).post('/consent', body);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'INVALID_INPUT', field } } });
});

it('have faults that only they know', async () => {
  await using sandbox = await startSandbox();
  await strike(sandbox, 'google', 'sign-id-token', 'wrong-nonce');
  await expect(strike(sandbox, 'google', 'exchange-code', 'wrong-nonce')).rejects.toThrow('INVALID_INPUT');
});
