import { demoPeople } from '@suvidha/demo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { receiveMessages } from './support/inbox.ts';
import { actorOf, codesOf, newEmail, newPhoneNumber, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

const sessionsQuery = '{ mySessions { id clientApp userAgent address createdAt lastUsedAt isCurrent } }';

async function listSessions(session: Json): Promise<Json[]> {
  const { data } = await fixture.execute(sessionsQuery, {}, actorOf(session));
  return data.mySessions;
}

/** A person with two sessions; the second one is on a phone. */
async function joinTwice() {
  const first = await steps.join();
  const otp = await steps.receiveOtp(first.user.phoneNumber, { earlier: 1 });
  const client = { address: '203.0.113.9', userAgent: 'Suvidha for Android' };
  const second = await steps.do('loginWithOtp', { ...otp, clientApp: 'MOBILE' }, { client });
  return { first, second };
}

async function revocationsOf({ user }: Json): Promise<Json[]> {
  const text = `select payload from event_log where type = 'session.revoked' and aggregate_id = $1 order by version`;
  const { rows } = await fixture.pool.query(text, [user.id]);
  return rows.map(({ payload }) => payload);
}

describe('mySessions', () => {
  it('lists where a person is logged in, and which of them asks', async () => {
    const { first, second } = await joinTwice();
    expect(await listSessions(first)).toEqual([
      {
        id: actorOf(second).sessionId,
        clientApp: 'MOBILE',
        userAgent: 'Suvidha for Android',
        address: '203.0.113.9',
        createdAt: fixture.clock.now().toISOString(),
        lastUsedAt: fixture.clock.now().toISOString(),
        isCurrent: false,
      },
      expect.objectContaining({ id: actorOf(first).sessionId, clientApp: 'WEB', isCurrent: true }),
    ]);
  });

  it('leaves out what has ended or was not used for seven days', async () => {
    const { first, second } = await joinTwice();
    await steps.logout(actorOf(second));
    expect(await listSessions(first)).toHaveLength(1);
    fixture.clock.advance(7 * 24 * 3_600_000);
    expect(await listSessions(first)).toEqual([]);
  });

  it('is for who is logged in', async () => {
    const { data, errors } = await fixture.execute(sessionsQuery);
    expect([data, errors[0].extensions.code]).toEqual([{ mySessions: null }, 'UNAUTHENTICATED']);
  });
});

describe('ending sessions', () => {
  it('ends one, of the person who asks only', async () => {
    const { first, second } = await joinTwice();
    const { sessionId } = actorOf(second);
    const stranger = actorOf(await steps.join());
    expect(codesOf(await steps.do('revokeSession', { sessionId }, { actor: stranger }))).toEqual([
      'NOT_FOUND',
    ]);
    const mine = { actor: actorOf(first) };
    expect(codesOf(await steps.do('revokeSession', { sessionId }, mine))).toEqual([]);
    expect(codesOf(await steps.do('revokeSession', { sessionId }, mine))).toEqual(['NOT_FOUND']);
    expect(codesOf(await steps.do('revokeSession', { sessionId: 'no id' }, mine))).toEqual(['NOT_FOUND']);
    expect(codesOf(await steps.refresh(second.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    expect(codesOf(await steps.refresh(first.refreshToken))).toEqual([]);
    expect(await revocationsOf(first)).toEqual([
      { userId: first.user.id, sessionIds: [sessionId], notBefore: null, reason: 'REVOKED_BY_USER' },
    ]);
  });

  it('ends all others', async () => {
    const { first, second } = await joinTwice();
    await steps.do('logoutEverywhere', { keepThisSession: true }, { actor: actorOf(second) });
    expect(codesOf(await steps.refresh(first.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    expect(codesOf(await steps.refresh(second.refreshToken))).toEqual([]);
  });

  it('ends all, and voids what access tokens are under way', async () => {
    const { first, second } = await joinTwice();
    await steps.do('logoutEverywhere', {}, { actor: actorOf(second) });
    for (const { refreshToken } of [first, second])
      expect(codesOf(await steps.refresh(refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    expect(await revocationsOf(first)).toEqual([
      {
        userId: first.user.id,
        sessionIds: expect.arrayContaining([actorOf(first).sessionId, actorOf(second).sessionId]),
        notBefore: fixture.clock.now().toISOString(),
        reason: 'LOGOUT_EVERYWHERE',
      },
    ]);
  });

  it('tells of each end once, however many ask at the same time', async () => {
    const { first } = await joinTwice();
    const actor = actorOf(first);
    await Promise.all(Array.from({ length: 10 }, () => steps.logout(actor)));
    expect(await revocationsOf(first)).toHaveLength(1);
  });
});

describe('validateSession', () => {
  const query = `query ($token: String!) { validateSession(token: $token) {
    isValid userId sessionId clientApp scopes expiresAt } }`;
  const inspect = async (token: string) => (await fixture.execute(query, { token })).data.validateSession;
  const worthless = {
    isValid: false,
    userId: null,
    sessionId: null,
    clientApp: null,
    scopes: [],
    expiresAt: null,
  };

  it('says what a token is worth', async () => {
    const session = await steps.join({ clientApp: 'KIOSK' });
    expect(await inspect(session.accessToken)).toEqual({
      isValid: true,
      userId: session.user.id,
      sessionId: actorOf(session).sessionId,
      clientApp: 'KIOSK',
      scopes: [],
      expiresAt: expect.any(String),
    });
  });

  it('knows when the session has ended', async () => {
    const session = await steps.join();
    await steps.logout(actorOf(session));
    expect(await inspect(session.accessToken)).toEqual(worthless);
  });

  it('knows when the time is over', async () => {
    const { accessToken } = await steps.join();
    fixture.clock.advance(15 * 60_000);
    expect(await inspect(accessToken)).toEqual(worthless);
  });

  it.each(['', 'no token', 'a.b.c'])('says of %j only that it is bad', async (token) => {
    expect(await inspect(token)).toEqual(worthless);
  });

  it('takes no refresh token and no altered token', async () => {
    const { accessToken, refreshToken } = await steps.join();
    const [header, , signature] = accessToken.split('.');
    const claims = Buffer.from('{"sub":"somebody"}').toString('base64url');
    expect(await inspect(refreshToken)).toEqual(worthless);
    expect(await inspect(`${header}.${claims}.${signature}`)).toEqual(worthless);
  });
});

describe('a new phone number or e-mail address', () => {
  it('is proven first, and the old ones are told', async () => {
    const session = await steps.join();
    const { phoneNumber: oldNumber } = session.user;
    const actor = actorOf(session);
    const newNumber = newPhoneNumber();
    const phoneVerification = await steps.receiveOtp(newNumber, { purpose: 'VERIFY' });
    const { user } = await steps.do('updateProfile', { phoneVerification }, { actor });
    expect(user.phoneNumber).toBe(newNumber);
    const [notice] = await receiveMessages(fixture, oldNumber, 2);
    expect(notice.text).toMatch(/phone number was changed/);
    expect(codesOf(await steps.login(await steps.receiveOtp(newNumber, { earlier: 1 })))).toEqual([]);
    expect(codesOf(await steps.login(await steps.receiveOtp(oldNumber, { earlier: 2 })))).toEqual([
      'NOT_REGISTERED',
    ]);
  });

  it('tells by mail when the address changes', async () => {
    const { email, userId, password } = await steps.joinWithPassword();
    const actor = actorOf(await steps.loginWithPassword({ name: email, password }));
    const emailVerification = await steps.receiveOtp(newEmail(), { purpose: 'VERIFY' });
    const { user } = await steps.do('updateProfile', { emailVerification }, { actor });
    expect(user.id).toBe(userId);
    const [notice] = await receiveMessages(fixture, email, 2);
    expect(notice.subject).toBe('Suvidha: your e-mail was changed');
  });

  it('wants a recent proof of who asks', async () => {
    const session = await steps.join();
    const actor = actorOf(session);
    fixture.clock.advance(10 * 60_000);
    const phoneVerification = await steps.receiveOtp(newPhoneNumber(), { purpose: 'VERIFY' });
    const change = () => steps.do('updateProfile', { phoneVerification }, { actor });
    expect(codesOf(await change())).toEqual(['STEP_UP_REQUIRED']);
    const otp = await steps.receiveOtp(session.user.phoneNumber, { earlier: 1 });
    expect(codesOf(await steps.do('reauthenticate', { otp }, { actor }))).toEqual([]);
    expect(codesOf(await change())).toEqual([]);
  });

  it('is not taken from somebody else', async () => {
    const session = await steps.join();
    const { operator } = demoPeople;
    const phoneVerification = await steps.receiveOtp(operator.phoneNumber, { purpose: 'VERIFY' });
    const payload = await steps.do('updateProfile', { phoneVerification }, { actor: actorOf(session) });
    expect([payload.user, codesOf(payload)]).toEqual([null, ['ALREADY_REGISTERED']]);
  });

  it('voids the codes that were sent to the old one', async () => {
    const session = await steps.join();
    const stale = await steps.receiveOtp(session.user.phoneNumber, { earlier: 1 });
    const phoneVerification = await steps.receiveOtp(newPhoneNumber(), { purpose: 'VERIFY' });
    await steps.do('updateProfile', { phoneVerification }, { actor: actorOf(session) });
    expect(codesOf(await steps.login(stale))).toEqual(['OTP_EXPIRED']);
  });

  it('voids the links that were sent to the old address', async () => {
    const { email, password } = await steps.joinWithPassword();
    const actor = actorOf(await steps.loginWithPassword({ name: email, password }));
    fixture.clock.advance(30_000);
    await steps.do('requestPasswordReset', { email });
    const token = await steps.receiveToken(email, 2);
    const emailVerification = await steps.receiveOtp(newEmail(), { purpose: 'VERIFY' });
    await steps.do('updateProfile', { emailVerification }, { actor });
    const reset = { token, newPassword: 'kite-over-harbour-77' };
    expect(codesOf(await steps.do('resetPassword', reset))).toEqual(['LINK_INVALID']);
  });
});

describe('one spelling', () => {
  it('of an e-mail address: its cases are one mailbox, one account and one limit', async () => {
    const email = newEmail();
    const otp = await steps.receiveOtp(email, { purpose: 'REGISTRATION' });
    expect((await steps.register(otp)).user.email).toBe(email);
    const shouted = email.toUpperCase();
    expect(codesOf(await steps.requestOtp(shouted, 'REGISTRATION'))).toEqual(['OTP_RESEND_TOO_SOON']);
    fixture.clock.advance(30_000);
    const again = await steps.requestOtp(shouted, 'REGISTRATION');
    const [{ text }] = await receiveMessages(fixture, email, 2);
    const code = /\b\d{6}\b/.exec(text)?.[0];
    expect(codesOf(await steps.register({ challengeId: again.challenge.id, code }))).toEqual([
      'ALREADY_REGISTERED',
    ]);
  });

  it.each([
    ['composed', 'jose\u0301', 'jos\u00e9'],
    ['of wide signs', '\uff4d\uff49\uff52\uff41', 'mira'],
    ['with space around it', '  nandini ', 'nandini'],
  ])('of a username that is %s', async (_how, typed, kept) => {
    const { user } = await steps.join({ username: typed });
    expect(user.username).toBe(kept);
    expect(codesOf(await steps.join({ username: kept }))).toEqual(['ALREADY_REGISTERED']);
  });
});

describe('a new username', () => {
  it('needs no proof', async () => {
    const session = await steps.join();
    fixture.clock.advance(10 * 60_000);
    const { user } = await steps.do('updateProfile', { username: 'kiran' }, { actor: actorOf(session) });
    expect(user.username).toBe('kiran');
  });

  it.each([
    'asha@example.com',
    '+919876543210',
    '',
    // What looks like an address or a number when it is written as everybody does.
    'asha\uff20example.com',
    '\uff0b919876543210',
    // What nobody sees.
    'as\u200bha',
    'asha\u202e',
    'as\u2028ha',
    'x'.repeat(300),
  ])('cannot be %j', async (username) => {
    const actor = actorOf(await steps.join());
    expect(codesOf(await steps.do('updateProfile', { username }, { actor }))).toEqual(['INVALID_INPUT']);
  });
});

describe('reauthenticate', () => {
  it('takes no code that was sent to somebody else', async () => {
    const [mine, theirs] = [await steps.join(), await steps.join()];
    const otp = await steps.receiveOtp(theirs.user.phoneNumber, { earlier: 1 });
    expect(codesOf(await steps.do('reauthenticate', { otp }, { actor: actorOf(mine) }))).toEqual([
      'NOT_FOUND',
    ]);
  });

  it('takes a password, and counts wrong ones', async () => {
    const { email, password } = await steps.joinWithPassword();
    const actor = actorOf(await steps.loginWithPassword({ name: email, password }));
    const attempt = (guess: string) => steps.do('reauthenticate', { password: guess }, { actor });
    expect(codesOf(await attempt(password))).toEqual([]);
    for (let tried = 0; tried < 10; tried += 1)
      expect(codesOf(await attempt('a wrong one'))).toEqual(['CREDENTIALS_INCORRECT']);
    expect(codesOf(await attempt(password))).toEqual(['RATE_LIMITED']);
  });

  it('wants one proof, and a session that stands', async () => {
    const session = await steps.join();
    const actor = actorOf(session);
    expect(codesOf(await steps.do('reauthenticate', {}, { actor }))).toEqual(['INVALID_INPUT']);
    const otp = await steps.receiveOtp(session.user.phoneNumber, { earlier: 1 });
    await steps.logout(actor);
    expect(codesOf(await steps.do('reauthenticate', { otp }, { actor }))).toEqual(['NOT_FOUND']);
  });
});
