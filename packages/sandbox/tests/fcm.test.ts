import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { type Answer, call, controlOf, type Json, startSandbox } from './sandbox.fixture.ts';

let sandbox: Sandbox;
let account: Json;

beforeAll(async () => {
  sandbox = await startSandbox();
  account = (await call('GET', `${sandbox.url}/fcm/service-account.json`)).body;
});
afterAll(() => sandbox.close());

const MESSAGE = { token: 'app-token', notification: { title: 'Order', body: 'On its way' } };
const now = () => Math.floor(Date.now() / 1000);

/** Signs as Google describes it (https://developers.google.com/identity/protocols/oauth2/service-account). */
function sign(claims: object, key: string = account.private_key): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })}.${part(claims)}`;
  return `${input}.${createSign('sha256').update(input).sign(key, 'base64url')}`;
}

const goodClaims = () => ({
  iss: account.client_email,
  scope: 'https://www.googleapis.com/auth/firebase.messaging',
  aud: account.token_uri,
  iat: now(),
  exp: now() + 3600,
});

async function askForToken(assertion: string): Promise<Answer> {
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  const response = await fetch(account.token_uri, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: await response.json() };
}

async function send(message: object, authorization?: string): Promise<Answer> {
  const token = (await askForToken(sign(goodClaims()))).body.access_token;
  return call('POST', `${sandbox.url}/fcm/v1/projects/${account.project_id}/messages:send`, {
    body: { message },
    headers: { authorization: authorization ?? `Bearer ${token}` },
  });
}

describe('the token endpoint', () => {
  it('gives a token for an assertion of the account', async () => {
    expect(await askForToken(sign(goodClaims()))).toEqual({
      status: 200,
      body: { access_token: expect.any(String), expires_in: 3599, token_type: 'Bearer' },
    });
  });

  it.each([
    ['for another audience', () => sign({ ...goodClaims(), aud: 'https://example.com' })],
    ['of another account', () => sign({ ...goodClaims(), iss: 'other@example.com' })],
    ['for another scope', () => sign({ ...goodClaims(), scope: 'email' })],
    ['that is over', () => sign({ ...goodClaims(), iat: now() - 7200, exp: now() - 3600 })],
    ['by another key', () => sign(goodClaims(), otherKey())],
    ['that is none', () => 'nonsense'],
  ])('refuses one %s', async (_what, create) => {
    expect(await askForToken(create())).toEqual({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('messages:send', () => {
  it('puts the message into the inbox', async () => {
    expect(await send(MESSAGE)).toEqual({
      status: 200,
      body: { name: expect.stringMatching(/^projects\/suvidha-sandbox\/messages\/\w+$/) },
    });
    expect((await call('GET', `${sandbox.url}/inbox?to=app-token`)).body).toMatchObject([
      { channel: 'PUSH', to: 'app-token', subject: 'Order', text: 'On its way' },
    ]);
  });

  it.each([
    ['without a token of Google', MESSAGE, 401, 'UNAUTHENTICATED', 'Bearer wrong'],
    ['to an app that is gone', { ...MESSAGE, token: 'unregistered-1' }, 404, 'NOT_FOUND'],
    ['to what is no token', { ...MESSAGE, token: 'malformed-1' }, 400, 'INVALID_ARGUMENT'],
    ['with a key that Google keeps', { ...MESSAGE, data: { from: 'x' } }, 400, 'INVALID_ARGUMENT'],
    ['that is too large', { ...MESSAGE, data: { x: 'x'.repeat(4096) } }, 400, 'INVALID_ARGUMENT'],
    ['with a field that does not exist', { ...MESSAGE, sound: 'x' }, 400, 'INVALID_ARGUMENT'],
  ])('refuses one %s', async (_what, message, status, rpcStatus, authorization?: string) => {
    expect(await send(message, authorization)).toMatchObject({
      status,
      body: { error: { code: status, status: rpcStatus } },
    });
  });

  it.each([
    ['500', 500, 'INTERNAL'],
    ['rate-limited', 429, 'QUOTA_EXCEEDED'],
  ])('fails in its own shape when a scenario says %s', async (fault, status, errorCode) => {
    await controlOf(sandbox).post('/scenario', { party: 'fcm', call: 'send-message', fault });
    expect(await send(MESSAGE)).toMatchObject({ status, body: { error: { details: [{ errorCode }] } } });
  });
});

function otherKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
