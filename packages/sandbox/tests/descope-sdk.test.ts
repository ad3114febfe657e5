import descopeSdk from '@descope/node-sdk';
import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { consent, strike } from './consent.fixture.ts';
import { call, type Json, startSandbox } from './sandbox.fixture.ts';

const projectId = 'P2SandboxSandboxSandboxSand';

/** Descope's own Node SDK, told where Descope is. */
function createSdk(sandbox: Sandbox, project = projectId) {
  return descopeSdk({ projectId: project, baseUrl: `${sandbox.url}/descope` });
}

async function receiveCode(sandbox: Sandbox, to: string): Promise<string> {
  const [newest] = (await call('GET', `${sandbox.url}/inbox?to=${encodeURIComponent(to)}`)).body as Json[];
  return /\d{6}/.exec(newest.text)?.[0] ?? '';
}

const phone = '+919812345678';

async function login(sandbox: Sandbox): Promise<Json> {
  const sdk = createSdk(sandbox);
  await sdk.otp.signUpOrIn.sms(phone);
  return (await sdk.otp.verify.sms(phone, await receiveCode(sandbox, phone))).data;
}

it('sends a code by SMS and takes it back', async () => {
  await using sandbox = await startSandbox();
  const sdk = createSdk(sandbox);
  const sent = await sdk.otp.signUpOrIn.sms(phone);
  expect([sent.ok, sent.data]).toEqual([true, { maskedPhone: '*********5678' }]);
  const { ok, data } = await sdk.otp.verify.sms(phone, await receiveCode(sandbox, phone));
  expect([ok, data?.firstSeen]).toEqual([true, true]);
  expect(data?.user).toMatchObject({ loginIds: [phone], phone, verifiedPhone: true, status: 'enabled' });
  expect((await login(sandbox)).firstSeen).toBe(false);
});

it('sends a code by e-mail and takes it back', async () => {
  await using sandbox = await startSandbox();
  const sdk = createSdk(sandbox);
  expect((await sdk.otp.signUpOrIn.email('asha@example.com')).data).toEqual({
    maskedEmail: 'a*****@example.com',
  });
  const code = await receiveCode(sandbox, 'asha@example.com');
  const { data } = await sdk.otp.verify.email('asha@example.com', code);
  expect(data?.user).toMatchObject({ email: 'asha@example.com', verifiedEmail: true });
});

it('validates, refreshes and ends a session', async () => {
  await using sandbox = await startSandbox();
  const sdk = createSdk(sandbox);
  const { sessionJwt, refreshJwt, user } = await login(sandbox);
  expect((await sdk.validateSession(sessionJwt)).token).toMatchObject({
    sub: user.userId,
    iss: projectId,
    drn: 'DS',
    amr: ['sms'],
  });
  expect((await sdk.refreshSession(refreshJwt)).token).toMatchObject({ sub: user.userId });
  expect((await sdk.me(refreshJwt)).data).toMatchObject({ userId: user.userId, phone });
  expect((await sdk.logout(refreshJwt)).ok).toBe(true);
  expect((await sdk.refresh(refreshJwt)).error).toMatchObject({ errorCode: 'E064001' });
});

it('ends all sessions of a person, and none of another token kind', async () => {
  await using sandbox = await startSandbox();
  const sdk = createSdk(sandbox);
  const [one, two] = [await login(sandbox), await login(sandbox)];
  expect((await sdk.refresh(one.sessionJwt)).ok).toBe(false);
  await sdk.logoutAll(one.refreshJwt);
  expect((await sdk.refresh(two.refreshJwt)).error).toMatchObject({ errorCode: 'E064001' });
});

it('logs in through a provider', async () => {
  await using sandbox = await startSandbox();
  const sdk = createSdk(sandbox);
  const start = await sdk.oauth.start.google('http://localhost:3000/back?state=s-1');
  const back = await consent(sandbox, String(start.data?.url));
  expect(back.url).toMatch(/^http:\/\/localhost:3000\/back\?state=s-1&code=/);
  const { data } = await sdk.oauth.exchange(String(back.fields.code));
  expect(data?.user).toMatchObject({
    name: 'Asha Rao',
    email: 'asha.rao@example.com',
    verifiedEmail: true,
    OAuth: { google: true },
  });
  expect((await sdk.oauth.exchange(String(back.fields.code))).ok).toBe(false);
  await expect(consent(sandbox, String(start.data?.url))).rejects.toThrow('invalid_request');
});

it('brings back an error when the person declines at the provider', async () => {
  await using sandbox = await startSandbox();
  const start = await createSdk(sandbox).oauth.start.apple('http://localhost:3000/back');
  const back = await consent(sandbox, String(start.data?.url), { decision: 'deny' });
  expect(back.url).toBe('http://localhost:3000/back?err=access_denied');
});

it('refuses with the codes that the SDK knows', async () => {
  await using sandbox = await startSandbox();
  const sdk = createSdk(sandbox);
  const codeOf = async (answer: Promise<{ error?: { errorCode?: string } }>) =>
    (await answer).error?.errorCode;
  expect(await codeOf(sdk.otp.signIn.sms(phone))).toBe('E062108');
  expect(await codeOf(sdk.otp.signUpOrIn.sms('12'))).toBe('E011003');
  await sdk.otp.signUpOrIn.sms(phone);
  const code = await receiveCode(sandbox, phone);
  const other = code === '000000' ? '000001' : '000000';
  for (let attempt = 1; attempt <= 3; attempt += 1)
    expect(await codeOf(sdk.otp.verify.sms(phone, other))).toBe('E061102');
  expect(await codeOf(sdk.otp.verify.sms(phone, code))).toBe('E061103');
  await login(sandbox);
  expect(await codeOf(sdk.otp.signUp.sms(phone))).toBe('E062107');
  await strike(sandbox, 'descope', 'refuse-otp', 'rate-limited');
  expect(await sdk.otp.signIn.sms(phone)).toMatchObject({
    code: 429,
    error: { errorCode: 'E130429', retryAfter: 60 },
  });
});

it('knows one project only', async () => {
  await using sandbox = await startSandbox();
  expect((await createSdk(sandbox, 'P2other').otp.signUpOrIn.sms(phone)).code).toBe(401);
  const { sessionJwt } = await login(sandbox);
  await expect(createSdk(sandbox, 'P2other').validateSession(sessionJwt)).rejects.toThrow(
    'validation failed',
  );
});
