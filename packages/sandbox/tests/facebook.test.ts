import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import {
  challenge,
  consent,
  redirectUri,
  strike,
  toAuthorizationUrl,
  verifier,
  verifyToken,
} from './consent.fixture.ts';
import { type Answer, call, startSandbox } from './sandbox.fixture.ts';

const client = { client_id: '100000000000000', client_secret: 'sandbox_app_secret' };

function urlOf(sandbox: Sandbox, more: Record<string, string> = {}): string {
  return toAuthorizationUrl(`${sandbox.url}/facebook/v24.0/dialog/oauth`, {
    client_id: client.client_id,
    scope: 'email,public_profile',
    ...more,
  });
}

function get(sandbox: Sandbox, path: string, fields: Record<string, string>): Promise<Answer> {
  return call('GET', `${sandbox.url}/facebook${path}?${new URLSearchParams(fields)}`);
}

function exchange(sandbox: Sandbox, fields: Record<string, string>): Promise<Answer> {
  return get(sandbox, '/v24.0/oauth/access_token', { ...client, redirect_uri: redirectUri, ...fields });
}

async function getToken(sandbox: Sandbox, how: object = {}): Promise<string> {
  const { fields } = await consent(sandbox, urlOf(sandbox), how);
  return (await exchange(sandbox, { code: String(fields.code) })).body.access_token;
}

function proofOf(token: string, secret = client.client_secret): string {
  return createHmac('sha256', secret).update(token).digest('hex');
}

it('answers a code with a token that tells who somebody is', async () => {
  await using sandbox = await startSandbox();
  const back = await consent(sandbox, urlOf(sandbox));
  expect(back.url).toMatch(/^http:\/\/localhost:3000\/back\?code=.*&state=s-1#_=_$/);
  const { body } = await exchange(sandbox, { code: String(back.fields.code) });
  expect(body).toEqual({
    access_token: expect.stringMatching(/^EAA/),
    token_type: 'bearer',
    expires_in: 5_184_000,
  });
  const profile = await get(sandbox, '/v24.0/me', {
    fields: 'id,name,email,first_name,last_name,picture',
    access_token: body.access_token,
    appsecret_proof: proofOf(body.access_token),
  });
  expect(profile.body).toMatchObject({ name: 'Asha Rao', email: 'asha.rao@example.com', first_name: 'Asha' });
  const described = await get(sandbox, '/debug_token', {
    input_token: body.access_token,
    access_token: `${client.client_id}|${client.client_secret}`,
  });
  expect(described.body.data).toMatchObject({
    app_id: client.client_id,
    is_valid: true,
    user_id: profile.body.id,
    scopes: ['email', 'public_profile'],
  });
});

it('proves calls as its documents say', () => {
  // The vector of a known app secret and token.
  expect(proofOf('sandbox_token')).toBe('bbc160c928aa32b77257ebfbde39949ee350f1409a7d723c3ad34929f6577812');
});

it.each([
  ['without an address at all', { person: 'meera' }],
  ['when the person refuses', { email: 'refuse' }],
])('shows no e-mail address %s', async (_when, how) => {
  await using sandbox = await startSandbox();
  const token = await getToken(sandbox, how);
  const { body } = await get(sandbox, '/v24.0/me', { fields: 'id,name,email', access_token: token });
  expect(Object.keys(body).sort()).toEqual(['id', 'name']);
});

it.each([
  ['a code it never gave', { code: 'other' }, { code: 100, error_subcode: 36009 }],
  ['another address', { redirect_uri: 'http://localhost:3000/other' }, { code: 100, error_subcode: 36008 }],
  ['another secret', { client_secret: 'wrong' }, { code: 1 }],
])('refuses %s', async (_what, fields, error) => {
  await using sandbox = await startSandbox();
  const { fields: back } = await consent(sandbox, urlOf(sandbox));
  const answer = await exchange(sandbox, { code: String(back.code), ...fields });
  expect(answer).toMatchObject({
    status: 400,
    body: { error: { type: 'OAuthException', fbtrace_id: expect.any(String), ...error } },
  });
});

it('checks the verifier of a code that was asked for with a challenge', async () => {
  await using sandbox = await startSandbox();
  const url = urlOf(sandbox, { code_challenge: challenge, code_challenge_method: 'S256' });
  const [bad, good] = [await consent(sandbox, url), await consent(sandbox, url)];
  expect((await exchange(sandbox, { code: String(bad.fields.code) })).status).toBe(400);
  const code = String(good.fields.code);
  expect((await exchange(sandbox, { code, code_verifier: verifier })).status).toBe(200);
});

it('refuses tokens that are not its own, and wrong proofs', async () => {
  await using sandbox = await startSandbox();
  const token = await getToken(sandbox);
  expect(await get(sandbox, '/v24.0/me', { access_token: 'EAAother' })).toMatchObject({
    status: 401,
    body: { error: { code: 190 } },
  });
  expect(
    await get(sandbox, '/v24.0/me', { access_token: token, appsecret_proof: proofOf(token, 'other') }),
  ).toMatchObject({ status: 400, body: { error: { code: 100 } } });
  const described = await get(sandbox, '/debug_token', {
    input_token: 'EAAother',
    access_token: `${client.client_id}|${client.client_secret}`,
  });
  expect(described.body.data).toMatchObject({ is_valid: false });
});

it('describes a token as one of another app when told to', async () => {
  await using sandbox = await startSandbox();
  const token = await getToken(sandbox);
  await strike(sandbox, 'facebook', 'describe-token', 'another-app');
  const { body } = await get(sandbox, '/debug_token', {
    input_token: token,
    access_token: `${client.client_id}|${client.client_secret}`,
  });
  expect(body.data.app_id).not.toBe(client.client_id);
});

it('adds an ID token to the scope openid', async () => {
  await using sandbox = await startSandbox();
  const { fields } = await consent(
    sandbox,
    urlOf(sandbox, { scope: 'openid,email,public_profile', nonce: 'n-1' }),
  );
  const { body } = await exchange(sandbox, { code: String(fields.code) });
  const claims = await verifyToken(`${sandbox.url}/facebook/.well-known/oauth/openid/jwks/`, body.id_token);
  expect(claims).toMatchObject({
    iss: 'https://www.facebook.com',
    aud: client.client_id,
    nonce: 'n-1',
    email: 'asha.rao@example.com',
  });
});

it('says so when the person declines', async () => {
  await using sandbox = await startSandbox();
  const { fields } = await consent(sandbox, urlOf(sandbox), { decision: 'deny' });
  expect(fields).toMatchObject({ error: 'access_denied', error_reason: 'user_denied', state: 's-1' });
});
