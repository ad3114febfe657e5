import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import {
  consent,
  createAppleKey,
  halfHash,
  postForm,
  redirectUri,
  toAuthorizationUrl,
  verifyToken,
} from './consent.fixture.ts';
import { controlOf, startSandbox } from './sandbox.fixture.ts';

const client_id = 'example.suvidha.web';

function urlOf(sandbox: Sandbox, more: Record<string, string> = {}): string {
  return toAuthorizationUrl(`${sandbox.url}/apple/auth/authorize`, {
    client_id,
    scope: 'name email',
    response_mode: 'form_post',
    nonce: 'n-1',
    ...more,
  });
}

/** A sandbox that knows the app's key, and how the app exchanges codes. */
async function start() {
  const sandbox = await startSandbox();
  const key = createAppleKey(`${sandbox.url}/apple`);
  await controlOf(sandbox).post('/apple-key', { publicKey: key.publicKey });
  const exchange = async (fields: Record<string, string>) =>
    postForm(`${sandbox.url}/apple/auth/token`, {
      grant_type: 'authorization_code',
      redirect_uri: redirectUri,
      client_id,
      client_secret: await key.sign(),
      ...fields,
    });
  return { sandbox, key, exchange, [Symbol.asyncDispose]: () => sandbox.close() };
}

it('posts the code, and the name only the first time', async () => {
  await using apple = await start();
  const first = await consent(apple.sandbox, urlOf(apple.sandbox));
  expect(first).toMatchObject({ method: 'POST', url: redirectUri, fields: { state: 's-1' } });
  expect(JSON.parse(String(first.fields.user))).toEqual({
    name: { firstName: 'Asha', lastName: 'Rao' },
    email: 'asha.rao@example.com',
  });
  const second = await consent(apple.sandbox, urlOf(apple.sandbox));
  expect(second.fields.user).toBeUndefined();

  const { status, body } = await apple.exchange({ code: String(second.fields.code) });
  expect([status, body.expires_in, typeof body.refresh_token]).toEqual([200, 3600, 'string']);
  expect(await verifyToken(`${apple.sandbox.url}/apple/auth/keys`, body.id_token)).toMatchObject({
    iss: `${apple.sandbox.url}/apple`,
    aud: client_id,
    nonce: 'n-1',
    nonce_supported: true,
    email: 'asha.rao@example.com',
    email_verified: true,
    at_hash: halfHash(body.access_token),
  });
  const again = await apple.exchange({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
  expect([again.status, again.body.refresh_token]).toEqual([200, undefined]);
});

it('hides an address behind a relay', async () => {
  await using apple = await start();
  const { fields } = await consent(apple.sandbox, urlOf(apple.sandbox), { email: 'hide' });
  const { body } = await apple.exchange({ code: String(fields.code) });
  const claims = await verifyToken(`${apple.sandbox.url}/apple/auth/keys`, body.id_token);
  expect(claims).toMatchObject({
    email: expect.stringMatching(/^\w+@privaterelay\.appleid\.com$/),
    email_verified: 'true',
    is_private_email: 'true',
  });
  expect(JSON.parse(String(fields.user)).email).toBe(claims.email);
});

it('tells the name again once the app has let go of the person', async () => {
  await using apple = await start();
  const { fields } = await consent(apple.sandbox, urlOf(apple.sandbox));
  const { body } = await apple.exchange({ code: String(fields.code) });
  const revoked = await postForm(`${apple.sandbox.url}/apple/auth/revoke`, {
    client_id,
    client_secret: await apple.key.sign(),
    token: body.refresh_token,
    token_type_hint: 'refresh_token',
  });
  expect(revoked.status).toBe(200);
  expect((await consent(apple.sandbox, urlOf(apple.sandbox))).fields.user).toContain('Asha');
});

it('posts what it is called when the person cancels', async () => {
  await using apple = await start();
  const { fields } = await consent(apple.sandbox, urlOf(apple.sandbox), { decision: 'deny' });
  expect(fields).toEqual({ error: 'user_cancelled_authorize', state: 's-1' });
});

it('wants form_post for names and addresses', async () => {
  await using apple = await start();
  const page = await fetch(urlOf(apple.sandbox, { response_mode: 'query' }));
  expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('form_post')]);
});

it.each([
  ['signed by another key', {}, { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
  ['under another key id', {}, { kid: 'OTHERKEYID' }],
  ['of another team', { iss: 'OTHERTEAM0' }, {}],
  ['for another client', { sub: 'other' }, {}],
  ['for another audience', { aud: 'https://example.com' }, {}],
  ['that has expired', { exp: 1_000_000_000 }, {}],
  ['that holds for longer than six months', { exp: Math.floor(Date.now() / 1000) + 16_000_000 }, {}],
  ['without an end', { exp: undefined }, {}],
])('refuses a client secret %s', async (_what, claims, signing) => {
  await using apple = await start();
  const { fields } = await consent(apple.sandbox, urlOf(apple.sandbox));
  const answer = await apple.exchange({
    code: String(fields.code),
    client_secret: await apple.key.sign(claims, signing),
  });
  expect(answer).toEqual({ status: 400, body: { error: 'invalid_client' } });
});

it('refuses every client secret before a key is registered', async () => {
  await using sandbox = await startSandbox();
  const key = createAppleKey(`${sandbox.url}/apple`);
  const answer = await postForm(`${sandbox.url}/apple/auth/token`, {
    client_id,
    client_secret: await key.sign(),
    grant_type: 'authorization_code',
    code: 'any',
  });
  expect(answer.body).toEqual({ error: 'invalid_client' });
});

it.each([
  ['a code twice', { redirect_uri: redirectUri }],
  ['another address', { redirect_uri: 'http://localhost:3000/other' }],
])('refuses %s', async (_what, more) => {
  await using apple = await start();
  const { fields } = await consent(apple.sandbox, urlOf(apple.sandbox));
  const code = String(fields.code);
  if (more.redirect_uri === redirectUri) await apple.exchange({ code });
  expect((await apple.exchange({ code, ...more })).body).toEqual({ error: 'invalid_grant' });
});
