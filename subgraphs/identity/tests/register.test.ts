import { demoPeople } from '@suvidha/demo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { codesOf, newPhoneNumber, Steps, wrong } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

const purpose = 'REGISTRATION';

/** The accounts of a destination, each with the events of its log. */
async function findAccounts(address: string): Promise<Json[]> {
  const { rows } = await fixture.pool.query(
    `select u.username, u.phone_verified_at is not null as "isPhoneVerified",
        u.email_verified_at is not null as "isEmailVerified",
        array(select type || ' ' || version from event_log e
               where e.aggregate_type = 'user' and e.aggregate_id = u.id) as events,
        (select count(*)::int from session s where s.user_id = u.id) as sessions
       from user_account u where phone_number = $1 or email = $1`,
    [address],
  );
  return rows;
}

describe('registerWithOtp', () => {
  it('opens an account for a phone number and logs in', async () => {
    const phoneNumber = newPhoneNumber();
    const otp = await steps.receiveOtp(phoneNumber, { purpose });
    expect(await steps.register({ ...otp, username: 'ravi' })).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      user: {
        username: 'ravi',
        phoneNumber,
        email: null,
        roles: ['USER'],
        createdAt: fixture.clock.now().toISOString(),
      },
      userErrors: [],
    });
    expect(await findAccounts(phoneNumber)).toEqual([
      {
        username: 'ravi',
        isPhoneVerified: true,
        isEmailVerified: false,
        events: ['user.registered 1'],
        sessions: 1,
      },
    ]);
  });

  it('opens an account for an e-mail address', async () => {
    const { code } = await steps.receiveOtp('new@example.com', { purpose });
    const payload = await steps.register({ destination: 'new@example.com', code });
    expect(payload.user).toMatchObject({ username: null, phoneNumber: null, email: 'new@example.com' });
    const [account] = await findAccounts('new@example.com');
    expect(account).toMatchObject({ isPhoneVerified: false, isEmailVerified: true });
  });

  it('logs in with a code for logging in from then on', async () => {
    const phoneNumber = newPhoneNumber();
    const registered = await steps.register(await steps.receiveOtp(phoneNumber, { purpose }));
    const { user } = await steps.login(await steps.receiveOtp(phoneNumber, { earlier: 1 }));
    expect(user.id).toBe(registered.user.id);
  });
});

describe('an account that is there already', () => {
  it.each(['phoneNumber', 'email'] as const)('is not opened twice: %s', async (contact) => {
    const address = demoPeople.customer[contact];
    const payload = await steps.register(await steps.receiveOtp(address, { purpose }));
    expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['ALREADY_REGISTERED']]);
    expect(await findAccounts(address)).toMatchObject([{ username: 'asha', events: [], sessions: 0 }]);
  });

  it('keeps its username; the code stays good for another name', async () => {
    const phoneNumber = newPhoneNumber();
    const otp = await steps.receiveOtp(phoneNumber, { purpose });
    expect(codesOf(await steps.register({ ...otp, username: 'asha' }))).toEqual(['ALREADY_REGISTERED']);
    expect(await findAccounts(phoneNumber)).toEqual([]);
    expect(codesOf(await steps.register({ ...otp, username: 'another asha' }))).toEqual([]);
  });

  it('is opened once when twenty ask at the same time', async () => {
    const phoneNumber = newPhoneNumber();
    const otp = await steps.receiveOtp(phoneNumber, { purpose });
    const answers = await Promise.all(Array.from({ length: 20 }, () => steps.register(otp)));
    expect(answers.filter(({ accessToken }) => accessToken !== null)).toHaveLength(1);
    expect(await findAccounts(phoneNumber)).toMatchObject([{ events: ['user.registered 1'], sessions: 1 }]);
  });
});

describe('nothing is opened', () => {
  it('for a wrong code', async () => {
    const phoneNumber = newPhoneNumber();
    const { challengeId, code } = await steps.receiveOtp(phoneNumber, { purpose });
    const payload = await steps.register({ challengeId, code: wrong(code) });
    expect(codesOf(payload)).toEqual(['OTP_INCORRECT']);
    expect(await findAccounts(phoneNumber)).toEqual([]);
  });

  it.each(['ADMIN', 'PARTNER'])('for the client app %s, which is for staff', async (clientApp) => {
    const phoneNumber = newPhoneNumber();
    const otp = await steps.receiveOtp(phoneNumber, { purpose });
    const { userErrors } = await steps.register({ ...otp, clientApp });
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'clientApp'] }]);
    expect(await findAccounts(phoneNumber)).toEqual([]);
  });

  it.each(['', ' ', 'two\nlines', 'zero\u0000byte', 'x'.repeat(51)])(
    'under the name %.20j, and no attempt is counted',
    async (username) => {
      const { userErrors } = await steps.register({ challengeId: 'unread', code: '123456', username });
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'username'] }]);
    },
  );
});
