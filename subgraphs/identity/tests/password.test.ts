import { demoPeople } from '@suvidha/demo';
import { testDependencies } from '@suvidha/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentityApp } from '../src/index.ts';
import { createExecute, type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { receiveCode, receiveMessages } from './support/inbox.ts';
import { actorOf, codesOf, goodPassword, newEmail, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

const newPassword = 'kite-over-harbour-77';

async function hashOf(email: string): Promise<string> {
  const text = 'select password_hash from user_account where email = $1';
  return (await fixture.pool.query(text, [email])).rows[0].password_hash;
}

describe('registerWithPassword', () => {
  it('opens the account when the link is followed, and not before', async () => {
    const email = newEmail();
    expect(
      await steps.do('registerWithPassword', { email, password: goodPassword, username: 'meera' }),
    ).toEqual({
      userErrors: [],
    });
    const login = { name: email, password: goodPassword };
    expect(codesOf(await steps.loginWithPassword(login))).toEqual(['CREDENTIALS_INCORRECT']);
    const token = await steps.receiveToken(email);
    const verified = await steps.do('verifyEmail', { token });
    expect(verified).toMatchObject({ user: { username: 'meera', email }, userErrors: [] });
    const payload = await steps.loginWithPassword({ ...login, clientApp: 'MOBILE' });
    expect(decodeJwt(payload.accessToken)).toMatchObject({ sub: verified.user.id, aud: 'MOBILE' });
    expect(codesOf(await steps.loginWithPassword({ name: 'meera', password: goodPassword }))).toEqual([]);
    expect(codesOf(await steps.do('verifyEmail', { token }))).toEqual(['LINK_INVALID']);
  });

  it('opens one account when fifty follow the link at once', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword });
    const token = await steps.receiveToken(email);
    const answers = await Promise.all(Array.from({ length: 50 }, () => steps.do('verifyEmail', { token })));
    expect(answers.filter(({ user }) => user !== null)).toHaveLength(1);
    const refusals = new Set(answers.flatMap(codesOf));
    expect([...refusals].filter((code) => !['LINK_INVALID', 'ALREADY_REGISTERED'].includes(code))).toEqual(
      [],
    );
  });

  it.each([
    ['known', demoPeople.customer.email, 'There is nothing to confirm'],
    ['unknown', newEmail(), 'Confirm your e-mail address'],
  ])(
    'sends a mail to an address that is %s: only the mail tells them apart',
    async (_which, email, subject) => {
      expect(await steps.do('registerWithPassword', { email, password: goodPassword })).toEqual({
        userErrors: [],
      });
      expect(await receiveMessages(fixture, email)).toMatchObject([{ subject }]);
    },
  );

  it('names the account in the mail, so that nobody confirms for somebody else', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword, username: 'rohan the third' });
    const [mail] = await receiveMessages(fixture, email);
    expect(mail!.text).toContain('rohan the third');
  });

  it('keeps the link good for another name when the name is taken by then', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword, username: 'asha' });
    const token = await steps.receiveToken(email);
    expect(codesOf(await steps.do('verifyEmail', { token }))).toEqual(['ALREADY_REGISTERED']);
    const { user } = await steps.do('verifyEmail', { token, username: 'asha the second' });
    expect(user).toMatchObject({ username: 'asha the second', email });
  });

  it.each([
    ['short', 'Aq7!zz2'],
    ['breached', 'P@ssw0rd'],
    ['breached', 'iloveyou1'],
    ['trivial', 'aaaaaaaaaaaa'],
    ['trivial', 'qwertyuiop'],
    ['long', 'monsoon-lantern-42'.repeat(8)],
    ['the address', 'person-of-note@example.com'],
    ['the product', 'suvidha1'],
  ])('refuses a password that is %s: %.20s', async (_why, password) => {
    const { userErrors } = await steps.do('registerWithPassword', {
      email: 'person-of-note@example.com',
      password,
    });
    expect(userErrors).toMatchObject([{ code: 'PASSWORD_NOT_ALLOWED', field: ['input', 'password'] }]);
    expect(JSON.stringify(userErrors)).not.toContain(password);
  });

  it('sends the link again on request, and the one before stops working', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword });
    const first = await steps.receiveToken(email);
    expect(codesOf(await steps.do('resendEmailVerification', { email }))).toEqual(['RATE_LIMITED']);
    fixture.clock.advance(30_000);
    expect(codesOf(await steps.do('resendEmailVerification', { email }))).toEqual([]);
    const second = await steps.receiveToken(email, 2);
    expect(codesOf(await steps.do('verifyEmail', { token: first }))).toEqual(['LINK_INVALID']);
    expect(codesOf(await steps.do('verifyEmail', { token: second }))).toEqual([]);
    expect(codesOf(await steps.loginWithPassword({ name: email, password: goodPassword }))).toEqual([]);
  });

  it('answers alike when nothing waits to be sent again', async () => {
    const email = newEmail();
    expect(await steps.do('resendEmailVerification', { email })).toEqual({ userErrors: [] });
    expect(await receiveMessages(fixture, email)).toMatchObject([{ subject: 'There is nothing to confirm' }]);
  });

  it('takes over no password when the address was registered with two: one of them is a thief’s', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword });
    await steps.receiveToken(email);
    fixture.clock.advance(30_000);
    await steps.do('registerWithPassword', { email, password: newPassword });
    const token = await steps.receiveToken(email, 2);
    const verified = await steps.do('verifyEmail', { token });
    expect(verified).toMatchObject({ user: { email }, hasPassword: false, userErrors: [] });
    for (const password of [goodPassword, newPassword])
      expect(codesOf(await steps.loginWithPassword({ name: email, password }))).toEqual([
        'CREDENTIALS_INCORRECT',
      ]);
    const { user } = await steps.login(await steps.receiveOtp(email, { earlier: 2 }));
    expect(user.id).toBe(verified.user.id);
  });

  it('takes over the password of who registered twice with the same', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword });
    await steps.receiveToken(email);
    fixture.clock.advance(30_000);
    await steps.do('registerWithPassword', { email, password: goodPassword });
    const verified = await steps.do('verifyEmail', { token: await steps.receiveToken(email, 2) });
    expect(verified).toMatchObject({ hasPassword: true, userErrors: [] });
  });

  it('takes over the password that is given with the link then', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: newPassword });
    await steps.receiveToken(email);
    fixture.clock.advance(30_000);
    await steps.do('registerWithPassword', { email, password: goodPassword });
    const token = await steps.receiveToken(email, 2);
    const wrong = await steps.do('verifyEmail', { token, password: newPassword });
    expect(codesOf(wrong)).toEqual(['CREDENTIALS_INCORRECT']);
    const verified = await steps.do('verifyEmail', { token, password: goodPassword });
    expect(verified).toMatchObject({ hasPassword: true, userErrors: [] });
    expect(codesOf(await steps.loginWithPassword({ name: email, password: goodPassword }))).toEqual([]);
  });

  it('keeps a link for a day', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword });
    const token = await steps.receiveToken(email);
    fixture.clock.advance(24 * 3_600_000);
    expect(codesOf(await steps.do('verifyEmail', { token }))).toEqual(['LINK_INVALID']);
  });
});

describe('loginWithPassword', () => {
  it('hashes for a name that is unknown too', async () => {
    // Each hash takes so long that who leaves it out is told by a clock.
    await using own = await startIdentity({
      env: { PASSWORD_HASH_MEMORY_KIB: '32768', PASSWORD_HASH_PASSES: '3' },
    });
    const before = process.cpuUsage();
    await new Steps(own).loginWithPassword({ name: newEmail(), password: 'a guess' });
    const { user } = process.cpuUsage(before);
    expect(user).toBeGreaterThan(20_000);
  });

  it('locks a name after ten wrong passwords, known or not, for a quarter of an hour', async () => {
    const { email, password } = await steps.joinWithPassword();
    for (const name of [email, newEmail()]) {
      const guesses = await Promise.all(
        Array.from({ length: 20 }, () => steps.loginWithPassword({ name, password: 'a wrong one' })),
      );
      expect(guesses.flatMap(codesOf).sort()).toEqual([
        ...Array(10).fill('CREDENTIALS_INCORRECT'),
        ...Array(10).fill('RATE_LIMITED'),
      ]);
    }
    expect(codesOf(await steps.loginWithPassword({ name: email, password }))).toEqual(['RATE_LIMITED']);
    fixture.clock.advance(15 * 60_000);
    expect(codesOf(await steps.loginWithPassword({ name: email, password }))).toEqual([]);
  });

  it('hashes with Argon2id, and anew when the cost has changed', async () => {
    const { email, password } = await steps.joinWithPassword();
    const before = await hashOf(email);
    expect(before).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
    await steps.loginWithPassword({ name: email, password });
    expect(await hashOf(email)).toBe(before);
    const config = { ...fixture.config, passwords: { memoryKib: 2048, passes: 2 } };
    const app = await createIdentityApp({ ...testDependencies(config), now: fixture.clock.now });
    const costly = new Steps({ ...fixture, execute: createExecute(app) });
    await costly.loginWithPassword({ name: email, password: 'not-the-password' });
    expect(await hashOf(email)).toBe(before);
    expect(codesOf(await costly.loginWithPassword({ name: email, password }))).toEqual([]);
    expect(await hashOf(email)).toMatch(/^\$argon2id\$v=19\$m=2048,t=2,p=1\$/);
    expect(codesOf(await costly.loginWithPassword({ name: email, password }))).toEqual([]);
    await app.stop();
  });
});

describe('a forgotten password', () => {
  it('is asked for again in the language of whose it is', async () => {
    const { email, password } = await steps.joinWithPassword();
    const actor = actorOf(await steps.loginWithPassword({ name: email, password }));
    const document = `mutation { updateNotificationPreferences(input: { language: HI }) { userErrors { code } } }`;
    expect((await fixture.execute(document, {}, actor)).errors).toBeUndefined();
    fixture.clock.advance(60_000);
    await steps.do('requestPasswordReset', { email });
    const [mail] = await receiveMessages(fixture, email, 2);
    expect(mail).toMatchObject({ subject: 'नया पासवर्ड चुनें' });
  });

  it('is replaced by who has the link, once, and all sessions end', async () => {
    const { email, password } = await steps.joinWithPassword();
    const session = await steps.loginWithPassword({ name: email, password });
    fixture.clock.advance(30_000);
    expect(await steps.do('requestPasswordReset', { email })).toEqual({ userErrors: [] });
    const token = await steps.receiveToken(email, 2);
    const weak = await steps.do('resetPassword', { token, newPassword: 'password1' });
    expect(weak.userErrors).toMatchObject([
      { code: 'PASSWORD_NOT_ALLOWED', field: ['input', 'newPassword'] },
    ]);

    const resets = await Promise.all(
      Array.from({ length: 10 }, () => steps.do('resetPassword', { token, newPassword })),
    );
    expect(resets.flatMap(codesOf)).toEqual(Array(9).fill('LINK_INVALID'));
    expect(codesOf(await steps.refresh(session.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    expect(codesOf(await steps.loginWithPassword({ name: email, password }))).toEqual([
      'CREDENTIALS_INCORRECT',
    ]);
    expect(codesOf(await steps.loginWithPassword({ name: email, password: newPassword }))).toEqual([]);
    const mails = await receiveMessages(fixture, email, 3);
    expect(mails[0]).toMatchObject({ subject: 'Suvidha: your password was changed' });
  });

  it('is replaced by who has a code', async () => {
    const { phoneNumber } = (await steps.join()).user;
    const otp = await steps.receiveOtp(phoneNumber, { purpose: 'PASSWORD_RESET', earlier: 1 });
    expect(codesOf(await steps.do('resetPassword', { otp, newPassword }))).toEqual([]);
    expect(codesOf(await steps.loginWithPassword({ name: phoneNumber, password: newPassword }))).toEqual([]);
    expect(codesOf(await steps.do('resetPassword', { otp, newPassword }))).toEqual(['OTP_ALREADY_USED']);
  });

  it.each([
    ['known', 'Choose a new password'],
    ['unknown', 'There is no account with this address'],
  ])('is asked for by a mail to an address that is %s', async (which, subject) => {
    const known = await steps.joinWithPassword();
    fixture.clock.advance(30_000);
    const email = which === 'known' ? known.email : newEmail();
    expect(await steps.do('requestPasswordReset', { email })).toEqual({ userErrors: [] });
    const [mail] = await receiveMessages(fixture, email, which === 'known' ? 2 : 1);
    expect(mail.subject).toBe(subject);
  });

  it('keeps a link for half an hour, and an older one not at all', async () => {
    const { email } = await steps.joinWithPassword();
    fixture.clock.advance(30_000);
    await steps.do('requestPasswordReset', { email });
    const older = await steps.receiveToken(email, 2);
    fixture.clock.advance(30_000);
    await steps.do('requestPasswordReset', { email });
    const newer = await steps.receiveToken(email, 3);
    expect(codesOf(await steps.do('resetPassword', { token: older, newPassword }))).toEqual(['LINK_INVALID']);
    fixture.clock.advance(30 * 60_000);
    expect(codesOf(await steps.do('resetPassword', { token: newer, newPassword }))).toEqual(['LINK_INVALID']);
  });

  it('takes no link of another purpose', async () => {
    const email = newEmail();
    await steps.do('registerWithPassword', { email, password: goodPassword });
    const token = await steps.receiveToken(email);
    expect(codesOf(await steps.do('resetPassword', { token, newPassword }))).toEqual(['LINK_INVALID']);
    expect(codesOf(await steps.do('verifyEmail', { token }))).toEqual([]);
  });

  it('wants one proof', async () => {
    const otp = { challengeId: '019a0000-0000-7000-8000-00000000ffff', code: '123456' };
    for (const proof of [{}, { token: 'one', otp }])
      expect(codesOf(await steps.do('resetPassword', { ...proof, newPassword }))).toEqual(['INVALID_INPUT']);
  });
});

describe('changePassword', () => {
  it('wants the password so far, ends other sessions and voids codes and links that are under way', async () => {
    const { email, password } = await steps.joinWithPassword();
    const other = await steps.loginWithPassword({ name: email, password });
    const mine = await steps.loginWithPassword({ name: email, password });
    const actor = actorOf(mine);
    fixture.clock.advance(30_000);
    await steps.do('requestPasswordReset', { email });
    const token = await steps.receiveToken(email, 2);
    const { challenge } = await steps.requestOtp(email);
    const code = await receiveCode(fixture, email, 3);

    const wrong = { currentPassword: 'not-the-password', newPassword };
    const refused = await steps.do('changePassword', wrong, { actor });
    expect(refused.userErrors).toMatchObject([
      { code: 'CREDENTIALS_INCORRECT', field: ['input', 'currentPassword'] },
    ]);
    expect(
      codesOf(await steps.do('changePassword', { currentPassword: password, newPassword }, { actor })),
    ).toEqual([]);
    expect(codesOf(await steps.refresh(other.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    expect(codesOf(await steps.refresh(mine.refreshToken))).toEqual([]);
    expect(codesOf(await steps.do('resetPassword', { token, newPassword }))).toEqual(['LINK_INVALID']);
    expect(codesOf(await steps.login({ challengeId: challenge.id, code }))).toEqual(['OTP_EXPIRED']);
    expect(codesOf(await steps.loginWithPassword({ name: email, password: newPassword }))).toEqual([]);
  });

  it('sets the first password of who has none, when they proved a short while ago who they are', async () => {
    const session = await steps.join();
    const actor = actorOf(session);
    fixture.clock.advance(10 * 60_000);
    const change = { newPassword };
    expect(codesOf(await steps.do('changePassword', change, { actor }))).toEqual(['STEP_UP_REQUIRED']);
    const otp = await steps.receiveOtp(session.user.phoneNumber, { earlier: 1 });
    expect(codesOf(await steps.do('reauthenticate', { otp }, { actor }))).toEqual([]);
    expect(codesOf(await steps.do('changePassword', change, { actor }))).toEqual([]);
    const login = { name: session.user.phoneNumber, password: newPassword };
    expect(codesOf(await steps.loginWithPassword(login))).toEqual([]);
  });

  it('is for who is logged in', async () => {
    const { errors } = await fixture.execute(
      'mutation { changePassword(input: { newPassword: "x" }) { userErrors { code } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

it('keeps neither password nor link in the database or the log', async () => {
  const { email, password } = await steps.joinWithPassword();
  const token = await steps.receiveToken(email);
  await steps.loginWithPassword({ name: email, password: 'a-guess-to-be-found' });
  const tables = ['email_link', 'user_account', 'audit_entry', 'notification_delivery'];
  const dumps = await Promise.all(tables.map((table) => fixture.pool.query(`select * from ${table}`)));
  const text = JSON.stringify(dumps.map(({ rows }) => rows)) + fixture.logged();
  for (const secret of [password, token, 'a-guess-to-be-found']) expect(text).not.toContain(secret);
});
