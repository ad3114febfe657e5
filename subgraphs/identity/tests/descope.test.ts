import { loadConfig } from '@suvidha/config';
import { createTestEnvironment, testDependencies } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentityApp, identityVariables } from '../src/index.ts';
import type { Json } from './support/identity.fixture.ts';
import { receiveCode } from './support/inbox.ts';
import { control, newPerson, providers, type SocialFixture, startSocial } from './support/social.fixture.ts';
import { actorOf, codesOf, newEmail, newPhoneNumber, wrong } from './support/steps.ts';

let fixture: SocialFixture;

beforeAll(async () => {
  fixture = await startSocial({ backEnd: 'descope' });
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** Opens an account by a code of Descope's; answers the session and the address. */
async function join(address = newPhoneNumber()): Promise<Json> {
  const otp = await fixture.steps.receiveOtp(address, { purpose: 'REGISTRATION' });
  return { ...(await fixture.steps.register(otp)), address };
}

describe('a code of Descope', () => {
  it.each([
    ['SMS', newPhoneNumber()],
    ['e-mail', newEmail()],
  ])('opens an account and logs in by %s', async (_channel, address) => {
    const { user, userErrors } = await join(address);
    expect(userErrors).toEqual([]);
    fixture.clock.advance(31_000);
    const otp = await fixture.steps.receiveOtp(address, { earlier: 1 });
    expect((await fixture.steps.login(otp)).user.id).toBe(user.id);
    const [{ text }] = (await (
      await fetch(`${fixture.sandbox.url}/inbox?to=${encodeURIComponent(address)}`)
    ).json()) as Json[];
    expect(text).toContain('Descope');
  });

  it('is not known here', async () => {
    const { challengeId, code } = await fixture.steps.receiveOtp(newPhoneNumber());
    const { rows } = await fixture.pool.query('select * from otp_challenge where id = $1', [challengeId]);
    expect(rows[0].code_hash).toBe('');
    expect(fixture.logged()).not.toContain(code);
  });

  it('is guessed three times at most', async () => {
    const { challengeId, code } = await fixture.steps.receiveOtp(newPhoneNumber());
    for (const by of [1, 2, 3])
      expect(codesOf(await fixture.steps.login({ challengeId, code: wrong(code, by) }))).toEqual([
        'OTP_INCORRECT',
      ]);
    expect(codesOf(await fixture.steps.login({ challengeId, code }))).toEqual(['OTP_ATTEMPTS_EXCEEDED']);
  });

  it('serves once among three at the same time', async () => {
    const { address } = await join();
    fixture.clock.advance(31_000);
    const otp = await fixture.steps.receiveOtp(address, { earlier: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => fixture.steps.login(otp)));
    expect(answers.filter(({ accessToken }) => accessToken !== null)).toHaveLength(1);
  });

  it('stays good for the attempts that are left when nothing came of it', async () => {
    const address = newPhoneNumber();
    const otp = await fixture.steps.receiveOtp(address);
    expect(codesOf(await fixture.steps.login(otp))).toEqual(['NOT_REGISTERED']);
    expect(codesOf(await fixture.steps.login({ ...otp, code: wrong(otp.code) }))).toEqual(['OTP_INCORRECT']);
    expect(codesOf(await fixture.steps.login(otp))).toEqual(['NOT_REGISTERED']);
  });

  it('serves no other purpose, which Descope would not mind', async () => {
    const { address } = await join();
    fixture.clock.advance(31_000);
    const login = await fixture.steps.requestOtp(address, 'LOGIN');
    await receiveCode(fixture, address, 2);
    await fixture.steps.requestOtp(address, 'VERIFY');
    const code = await receiveCode(fixture, address, 3);
    const payload = await fixture.steps.login({ challengeId: login.challenge.id, code });
    expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['OTP_EXPIRED']]);
  });

  it.each([
    ['rate-limited', 'RATE_LIMITED'],
    ['expired', 'OTP_EXPIRED'],
    ['too-many-attempts', 'OTP_ATTEMPTS_EXCEEDED'],
  ])('is refused in our words: %s', async (fault, expected) => {
    const otp = await fixture.steps.receiveOtp(newPhoneNumber());
    await fixture.people.strike('descope', 'refuse-otp', fault);
    expect(codesOf(await fixture.steps.login(otp))).toEqual([expected]);
  });

  it('arrives though Descope had a fault when it was asked for', async () => {
    await fixture.people.strike('descope', 'send-otp', '500');
    const address = newPhoneNumber();
    const otp = await fixture.steps.receiveOtp(address, { purpose: 'REGISTRATION' });
    expect(codesOf(await fixture.steps.register(otp))).toEqual([]);
  });

  it('cannot be taken while Descope is down, which is no wrong code', async () => {
    const otp = await fixture.steps.receiveOtp(newPhoneNumber(), { purpose: 'REGISTRATION' });
    await fixture.people.strike('descope', 'verify-otp', '500');
    await expect(fixture.steps.register(otp)).rejects.toThrow('UPSTREAM_UNAVAILABLE');
    expect(codesOf(await fixture.steps.register(otp))).toEqual([]);
  });
});

describe('a session', () => {
  /** Ends all sessions at Descope, as its console does. */
  async function endAtDescope(): Promise<void> {
    await control(fixture.sandbox, 'POST', '/reset');
  }

  it('goes on while the one at Descope does, and ends with it', async () => {
    const session = await join();
    const next = await fixture.steps.refresh(session.refreshToken);
    expect(codesOf(next)).toEqual([]);
    await endAtDescope();
    expect(codesOf(await fixture.steps.refresh(next.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    const { rows } = await fixture.pool.query('select revoked_reason from session where user_id = $1', [
      session.user.id,
    ]);
    expect(rows).toEqual([{ revoked_reason: 'BACK_END_ENDED' }]);
  });

  it('ends at Descope when it ends here', async () => {
    const session = await join();
    const { rows } = await fixture.pool.query(
      'select b.sealed_refresh_token as sealed from descope_session b join session s on s.id = b.session_id where s.user_id = $1',
      [session.user.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].sealed).not.toMatch(/^eyJ/);
    await control(fixture.sandbox, 'POST', '/hold', { point: 'descope.logout.after' });
    await fixture.steps.logout(actorOf(session));
    const { held } = await control(fixture.sandbox, 'GET', '/hold/descope.logout.after/wait');
    expect(held).toBe(1);
    await control(fixture.sandbox, 'DELETE', '/hold');
  });

  it('is not refreshed while Descope cannot say, and loses nothing', async () => {
    const session = await join();
    await fixture.people.strike('descope', 'refresh', '500');
    await expect(fixture.steps.refresh(session.refreshToken)).rejects.toThrow('UPSTREAM_UNAVAILABLE');
    expect(codesOf(await fixture.steps.refresh(session.refreshToken))).toEqual([]);
  });
});

describe.each(providers)('%s by way of Descope', (provider) => {
  it('opens an account the first time and finds it the next', async () => {
    const person = newPerson();
    const first = await fixture.people.login(provider, { person });
    expect(first).toMatchObject({
      user: {
        email: person.email,
        linkedAccounts: [{ provider, displayName: `Nila ${person.last_name}` }],
      },
      userErrors: [],
    });
    expect((await fixture.people.login(provider, { person })).user.id).toBe(first.user.id);
    expect(codesOf(await fixture.steps.refresh(first.refreshToken))).toEqual([]);
  });

  it('tells who cancelled, and who comes twice', async () => {
    expect(codesOf(await fixture.people.login(provider, { decision: 'deny' }))).toEqual([
      'SOCIAL_LOGIN_DENIED',
    ]);
    const returned = await fixture.people.visit(provider, { person: newPerson() });
    expect(codesOf(await fixture.people.complete(returned))).toEqual([]);
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_INVALID']);
  });

  it('refuses a code that Descope does not know', async () => {
    const returned = await fixture.people.visit(provider, { person: newPerson() });
    expect(codesOf(await fixture.people.complete({ ...returned, code: 'made-up' }))).toEqual([
      'SOCIAL_LOGIN_FAILED',
    ]);
  });

  it('can be tried again when Descope had a fault', async () => {
    const returned = await fixture.people.visit(provider, { person: newPerson() });
    await fixture.people.strike('descope', 'exchange-code', '500');
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_PROVIDER_UNAVAILABLE']);
    expect(codesOf(await fixture.people.complete(returned))).toEqual([]);
  });
});

describe.each(['wrong-issuer', 'wrong-signature', 'expired'])('a session token of Descope: %s', (fault) => {
  it('is not believed', async () => {
    const returned = await fixture.people.visit('GOOGLE', { person: newPerson() });
    await fixture.people.strike('descope', 'sign-session', fault);
    expect(codesOf(await fixture.people.complete(returned))).toEqual(['SOCIAL_LOGIN_FAILED']);

    const otp = await fixture.steps.receiveOtp(newPhoneNumber(), { purpose: 'REGISTRATION' });
    await fixture.people.strike('descope', 'sign-session', fault);
    expect(codesOf(await fixture.steps.register(otp))).toEqual(['OTP_INCORRECT']);
  });
});

it('does not take an account whose address only Descope says', async () => {
  const email = newEmail();
  const { user } = await join(email);
  const refused = await fixture.people.login('FACEBOOK', {
    person: newPerson({ email, email_verified: false }),
  });
  expect(codesOf(refused)).toEqual(['SOCIAL_ACCOUNT_EXISTS']);
  const person = newPerson({ email });
  expect((await fixture.people.login('GOOGLE', { person })).user.id).toBe(user.id);
});

it('needs a project', async () => {
  const config = loadConfig(identityVariables, {
    ...(await createTestEnvironment('identity')),
    MASTER_KEY: Buffer.alloc(32).toString('base64'),
    TWILIO_ACCOUNT_SID: 'unused',
    TWILIO_AUTH_TOKEN: 'unused',
    TWILIO_FROM: '+15005550006',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'no-reply@example.com',
    IDENTITY_BACKEND: 'descope',
  });
  await expect(createIdentityApp(testDependencies(config))).rejects.toThrow('DESCOPE_PROJECT_ID is missing');
});
