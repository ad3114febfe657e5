import { demoPeople } from '@suvidha/demo';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { receiveCode, receiveMessages } from './support/inbox.ts';
import { actorOf, codesOf, newEmail, newPhoneNumber, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** A code that was asked for one app. */
async function receiveFor(clientApp: string, phoneNumber: string, earlier = 0) {
  const { challenge } = await steps.do('requestOtp', { phoneNumber, purpose: 'LOGIN', clientApp });
  return { challengeId: challenge.id, code: await receiveCode(fixture, phoneNumber, earlier + 1) };
}

describe('a code that was asked for one app', () => {
  it('logs in to that app and to no other', async () => {
    const { phoneNumber } = (await steps.join()).user;
    const otp = await receiveFor('PARENT', phoneNumber, 1);
    expect(codesOf(await steps.login({ ...otp, clientApp: 'WEB' }))).toEqual(['NOT_FOUND']);
    const byDestination = { destination: phoneNumber, code: otp.code, clientApp: 'MOBILE' };
    expect(codesOf(await steps.login(byDestination))).toEqual(['OTP_INCORRECT']);
    const { accessToken } = await steps.login({ ...otp, clientApp: 'PARENT' });
    expect(decodeJwt(accessToken).aud).toBe('PARENT');
  });
});

describe('a challenge and a destination', () => {
  it('must belong together where both are given', async () => {
    const [mine, theirs] = [(await steps.join()).user.phoneNumber, (await steps.join()).user.phoneNumber];
    const otp = await steps.receiveOtp(mine, { earlier: 1 });
    expect(codesOf(await steps.login({ ...otp, destination: theirs }))).toEqual(['NOT_FOUND']);
    expect(codesOf(await steps.login({ ...otp, destination: mine }))).toEqual([]);
  });
});

describe('a code of another channel', () => {
  it('proves no phone number when it came by e-mail, nor the other way round', async () => {
    const session = await steps.join();
    const actor = actorOf(session);
    const byMail = await steps.receiveOtp(newEmail(), { purpose: 'VERIFY' });
    const byPhone = await steps.receiveOtp(newPhoneNumber(), { purpose: 'VERIFY' });
    for (const input of [{ phoneVerification: byMail }, { emailVerification: byPhone }])
      expect(codesOf(await steps.do('updateProfile', input, { actor }))).toEqual(['NOT_FOUND']);
  });
});

describe('a role that is asked for', () => {
  it('is granted to who has it, and nothing more than it', async () => {
    const otp = await steps.receiveOtp(demoPeople.admin.phoneNumber);
    const { accessToken, refreshToken, user } = await steps.login({ ...otp, role: 'USER' });
    expect(decodeJwt(accessToken).roles).toEqual(['USER']);
    expect(user.roles).toEqual(['USER', 'ADMIN']);
    expect(decodeJwt((await steps.refresh(refreshToken)).accessToken).roles).toEqual(['USER']);
  });

  it('opens no app that needs more', async () => {
    const otp = await steps.receiveOtp(demoPeople.operator.phoneNumber);
    const { userErrors } = await steps.login({ ...otp, role: 'USER', clientApp: 'ADMIN' });
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'clientApp'] }]);
  });

  it('is refused to who has it not, when registering too', async () => {
    const { phoneNumber } = (await steps.join()).user;
    const otp = await steps.receiveOtp(phoneNumber, { earlier: 1 });
    const { userErrors } = await steps.login({ ...otp, role: 'ADMIN' });
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'role'] }]);
    const fresh = newPhoneNumber();
    const registration = await steps.receiveOtp(fresh, { purpose: 'REGISTRATION' });
    expect(codesOf(await steps.register({ ...registration, role: 'OPERATOR' }))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await steps.register(registration))).toEqual([]);
  });
});

describe('the page that asks', () => {
  const origins = {
    PARENT_APP_DEVELOPMENT_ORIGINS: 'https://parent.test',
    ADMIN_APP_DEVELOPMENT_ORIGINS: 'https://admin.test',
  };

  it('gets tokens for its own app only, to refresh too', async () => {
    await using own = await startIdentity({ env: origins });
    const people = new Steps(own);
    const { phoneNumber } = (await people.join()).user;
    const otp = await people.receiveOtp(phoneNumber, { earlier: 1 });
    const login = { ...otp, clientApp: 'PARENT' };
    for (const origin of ['https://admin.test', 'https://parent.test.evil.test', 'null'])
      expect(codesOf(await people.do('loginWithOtp', login, { client: { origin } }))).toEqual([
        'INVALID_INPUT',
      ]);
    const client = { origin: 'https://parent.test' };
    // Those were the three attempts of that code: a right code counts as one too.
    own.clock.advance(30_000);
    const again = { ...(await people.receiveOtp(phoneNumber, { earlier: 2 })), clientApp: 'PARENT' };
    const { refreshToken } = await people.do('loginWithOtp', again, { client });
    expect(refreshToken).toEqual(expect.any(String));
    const elsewhere = { client: { origin: 'https://admin.test' } };
    expect(codesOf(await people.do('refreshSession', { refreshToken }, elsewhere))).toEqual([
      'REFRESH_TOKEN_INVALID',
    ]);
  });

  it('has other lists in production', async () => {
    const env = { NODE_ENV: 'production', PARENT_APP_ORIGINS: 'https://parent.example.com' };
    await using own = await startIdentity({ env });
    const people = new Steps(own);
    const ask = async (origin: string) => {
      const otp = await people.receiveOtp(newPhoneNumber(), { purpose: 'REGISTRATION' });
      return codesOf(
        await people.do('registerWithOtp', { ...otp, clientApp: 'PARENT' }, { client: { origin } }),
      );
    };
    expect(await ask('https://parent.example.com')).toEqual([]);
    expect(await ask('http://localhost:3000')).toEqual(['INVALID_INPUT']);
  });
});

describe('registerWithOtp', () => {
  it('adds an e-mail address that the code does not prove only once its link was followed', async () => {
    const email = newEmail();
    const { user } = await steps.join({ email });
    expect(user.email).toBeNull();
    const token = await steps.receiveToken(email);
    const verified = await steps.do('verifyEmail', { token });
    expect(verified).toMatchObject({ user: { id: user.id, email }, userErrors: [] });
    expect(codesOf(await steps.do('verifyEmail', { token }))).toEqual(['LINK_INVALID']);
  });

  it('does not tell whether that address has an account, and leaves it there', async () => {
    const { email } = demoPeople.operator;
    const { user, userErrors } = await steps.join({ email });
    expect([user.email, userErrors]).toEqual([null, []]);
    const [mail] = await receiveMessages(fixture, email);
    expect(mail).toMatchObject({ subject: 'There is nothing to confirm' });
  });

  it('sends no link to an address that got one a moment ago, however many accounts are opened', async () => {
    const email = newEmail();
    const countLinks = async () =>
      (await fixture.pool.query('select from email_link where email = $1', [email])).rows.length;
    await steps.join({ email });
    expect(codesOf(await steps.join({ email }))).toEqual([]);
    expect(await countLinks()).toBe(1);
    fixture.clock.advance(30_000);
    await steps.join({ email });
    expect(await countLinks()).toBe(2);
  });

  it('sends a code to a phone number that the code does not prove', async () => {
    const [email, phoneNumber] = [newEmail(), newPhoneNumber()];
    const otp = await steps.receiveOtp(email, { purpose: 'REGISTRATION' });
    const document = `mutation ($input: RegisterWithOtpInput!) { registerWithOtp(input: $input) {
      accessToken phoneChallenge { id maskedDestination } user { email phoneNumber } userErrors { code } } }`;
    const { data } = await fixture.execute(document, { input: { ...otp, phoneNumber } });
    const { phoneChallenge, user, accessToken } = data.registerWithOtp;
    expect(user).toEqual({ email, phoneNumber: null });
    const phoneVerification = {
      challengeId: phoneChallenge.id,
      code: await receiveCode(fixture, phoneNumber),
    };
    const updated = await steps.do(
      'updateProfile',
      { phoneVerification },
      { actor: actorOf({ accessToken }) },
    );
    expect(updated.user.phoneNumber).toBe(phoneNumber);
  });
});
