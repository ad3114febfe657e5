import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import {
  challenge,
  consent,
  halfHash,
  postForm,
  redirectUri,
  strike,
  toAuthorizationUrl,
  verifier,
  verifyToken,
} from './consent.fixture.ts';
import { basic, call, startSandbox } from './sandbox.fixture.ts';

const client = {
  client_id: '100000000000-sandbox.apps.googleusercontent.com',
  client_secret: 'sandbox_google_secret',
};

const scope = 'openid email profile';

function urlOf(sandbox: Sandbox, more: Record<string, string> = {}): string {
  return toAuthorizationUrl(`${sandbox.url}/google/o/oauth2/v2/auth`, {
    client_id: client.client_id,
    scope,
    nonce: 'n-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
}

async function getCode(sandbox: Sandbox, person: unknown = 'asha'): Promise<string> {
  return String((await consent(sandbox, urlOf(sandbox), { person })).fields.code);
}

function exchange(sandbox: Sandbox, fields: Record<string, string>) {
  const grant = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: verifier };
  return postForm(`${sandbox.url}/google/token`, { ...grant, ...client, ...fields });
}

it('describes itself, and answers a code with tokens that its keys verify', async () => {
  await using sandbox = await startSandbox();
  const { body: metadata } = await call('GET', `${sandbox.url}/google/.well-known/openid-configuration`);
  expect(metadata).toMatchObject({
    issuer: `${sandbox.url}/google`,
    authorization_endpoint: `${sandbox.url}/google/o/oauth2/v2/auth`,
  });
  const back = await consent(sandbox, urlOf(sandbox));
  expect(back).toMatchObject({ method: 'GET', fields: { state: 's-1', scope } });
  expect(new URL(back.url).searchParams.get('code')).toBe(back.fields.code);

  const { status, body } = await exchange(sandbox, { code: String(back.fields.code) });
  expect([status, body.token_type, body.expires_in, body.refresh_token]).toEqual([
    200,
    'Bearer',
    3599,
    undefined,
  ]);
  const claims = await verifyToken(metadata.jwks_uri, body.id_token);
  expect(claims).toMatchObject({
    iss: metadata.issuer,
    aud: client.client_id,
    azp: client.client_id,
    nonce: 'n-1',
    email: 'asha.rao@example.com',
    email_verified: true,
    given_name: 'Asha',
    family_name: 'Rao',
    at_hash: halfHash(body.access_token),
  });
  const userinfo = await call('GET', metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${body.access_token}` },
  });
  expect(userinfo.body).toMatchObject({ sub: claims.sub, name: 'Asha Rao', email: claims.email });
});

it('knows the same person by the same number, and others by others', async () => {
  await using sandbox = await startSandbox();
  const subjectOf = async (person: unknown) => {
    const { body } = await exchange(sandbox, { code: await getCode(sandbox, person) });
    return (await verifyToken(`${sandbox.url}/google/oauth2/v3/certs`, body.id_token)).sub;
  };
  const asha = await subjectOf('asha');
  expect(asha).toMatch(/^\d{21}$/);
  expect(await subjectOf({ email: 'asha.rao@example.com' })).toBe(asha);
  expect(await subjectOf('vikram')).not.toBe(asha);
});

it('takes a code once', async () => {
  await using sandbox = await startSandbox();
  const code = await getCode(sandbox);
  const answers = await Promise.all([exchange(sandbox, { code }), exchange(sandbox, { code })]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});

it.each([
  ['a code it never gave', { code: 'other' }, 400, 'invalid_grant'],
  ['another verifier', { code_verifier: 'x'.repeat(43) }, 400, 'invalid_grant'],
  ['no verifier', { code_verifier: '' }, 400, 'invalid_grant'],
  ['another address', { redirect_uri: 'http://localhost:3000/other' }, 400, 'redirect_uri_mismatch'],
  ['another secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
  ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
])('refuses %s', async (_what, fields, status, error) => {
  await using sandbox = await startSandbox();
  const code = await getCode(sandbox);
  expect(await exchange(sandbox, { code, ...fields })).toMatchObject({ status, body: { error } });
});

it('takes the secret as Basic credentials too', async () => {
  await using sandbox = await startSandbox();
  const response = await fetch(`${sandbox.url}/google/token`, {
    method: 'POST',
    headers: { authorization: basic(client.client_id, client.client_secret) },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: await getCode(sandbox),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  expect(response.status).toBe(200);
});

it('sends the person back with an error when they decline', async () => {
  await using sandbox = await startSandbox();
  const { fields } = await consent(sandbox, urlOf(sandbox), { decision: 'deny' });
  expect(fields).toEqual({ error: 'access_denied', state: 's-1' });
});

it.each([
  ['a client it does not know', { client_id: 'other' }, 'invalid_client'],
  ['an address that no app registers', { redirect_uri: 'http://evil.example/back' }, 'redirect_uri_mismatch'],
  ['a response type it does not give', { response_type: 'token' }, 'unsupported_response_type'],
])('tells the person, not the app, of %s', async (_what, fields, code) => {
  await using sandbox = await startSandbox();
  const page = await fetch(urlOf(sandbox, fields));
  expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  expect(await page.text()).toContain(code);
});

it('shows nothing of an address as markup', async () => {
  await using sandbox = await startSandbox();
  const page = await fetch(urlOf(sandbox, { state: '"><script>alert(1)</script>' }));
  expect(page.headers.get('content-security-policy')).toContain("script-src 'none'");
  expect(await page.text()).not.toContain('<script');
});

it('gives tokens that must be refused when told to', async () => {
  await using sandbox = await startSandbox();
  const claimsOf = async (fault: string) => {
    await strike(sandbox, 'google', 'sign-id-token', fault);
    const { body } = await exchange(sandbox, { code: await getCode(sandbox) });
    const [, payload = ''] = String(body.id_token).split('.');
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  };
  expect((await claimsOf('wrong-nonce')).nonce).not.toBe('n-1');
  expect((await claimsOf('wrong-audience')).aud).toBe('another-app');
  expect((await claimsOf('expired')).exp).toBeLessThan(Date.now() / 1000);

  await strike(sandbox, 'google', 'sign-id-token', 'wrong-signature');
  const forged = await exchange(sandbox, { code: await getCode(sandbox) });
  await expect(
    verifyToken(`${sandbox.url}/google/oauth2/v3/certs`, forged.body.id_token),
  ).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
});

it('publishes the old key beside the new one', async () => {
  await using sandbox = await startSandbox();
  const keysUrl = `${sandbox.url}/google/oauth2/v3/certs`;
  const before = await exchange(sandbox, { code: await getCode(sandbox) });
  await strike(sandbox, 'google', 'sign-id-token', 'key-rotated');
  const after = await exchange(sandbox, { code: await getCode(sandbox) });
  expect((await call('GET', keysUrl)).body.keys).toHaveLength(2);
  for (const { body } of [before, after]) await verifyToken(keysUrl, body.id_token);
});
