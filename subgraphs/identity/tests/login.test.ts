import { anonymous } from '@suvidha/auth';
import { demoPeople } from '@suvidha/demo';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { actorOf, codesOf, newPhoneNumber, Steps, wrong } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** A person of this test alone, who has an account. */
let phoneNumber: string;

beforeEach(async () => {
  ({
    user: { phoneNumber },
  } = await steps.join());
});

// The inbox has the code of the registration already.
const receiveOtp = (address = phoneNumber) => steps.receiveOtp(address, { earlier: 1 });

async function attemptsRemaining(challengeId: string): Promise<number> {
  const text = 'select attempts_remaining from otp_challenge where id = $1';
  return (await fixture.pool.query(text, [challengeId])).rows[0].attempts_remaining;
}

describe('loginWithOtp', () => {
  it('opens a session for the right code', async () => {
    const otp = await steps.receiveOtp(demoPeople.customer.phoneNumber);
    const payload = await steps.login(otp);
    expect(payload).toMatchObject({
      accessTokenExpiresAt: new Date(fixture.clock.now().getTime() + 900_000).toISOString(),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      user: { id: demoPeople.customer.id, roles: ['USER'] },
      userErrors: [],
    });
    const { data } = await fixture.execute('{ me { id phoneNumber } }', {}, actorOf(payload));
    expect(data.me).toEqual({
      id: demoPeople.customer.id,
      phoneNumber: demoPeople.customer.phoneNumber,
    });
    expect((await fixture.execute('{ me { id } }', {}, anonymous)).data).toEqual({ me: null });
  });

  it.each(['SMS', 'e-mail'])('finds the newest challenge of a destination: %s', async (channel) => {
    const { operator } = demoPeople;
    const destination = channel === 'SMS' ? operator.phoneNumber : operator.email;
    const { code } = await steps.receiveOtp(destination);
    const { user } = await steps.login({ destination: destination.replace('example', 'EXAMPLE'), code });
    expect(user.id).toBe(operator.id);
  });

  it('tells who proves a number without an account to register', async () => {
    const otp = await steps.receiveOtp(newPhoneNumber());
    const payload = await steps.login(otp);
    expect([payload.accessToken, codesOf(payload)]).toEqual([null, ['NOT_REGISTERED']]);
  });
});

describe('a wrong code', () => {
  it('counts, and after three of them the right one is refused', async () => {
    const { challengeId, code } = await receiveOtp();
    for (const left of [2, 1, 0]) {
      const { accessToken, userErrors } = await steps.login({ challengeId, code: wrong(code) });
      const message = left === 0 ? /Ask for a new code/ : new RegExp(`Attempts left: ${left}`);
      expect({ accessToken, userErrors }).toEqual({
        accessToken: null,
        userErrors: [
          { code: 'OTP_INCORRECT', message: expect.stringMatching(message), field: ['input', 'code'] },
        ],
      });
      expect(await attemptsRemaining(challengeId)).toBe(left);
    }
    expect(codesOf(await steps.login({ challengeId, code }))).toEqual(['OTP_ATTEMPTS_EXCEEDED']);
  });

  it('leaves the right one its turn', async () => {
    const { challengeId, code } = await receiveOtp();
    await steps.login({ challengeId, code: wrong(code) });
    expect(codesOf(await steps.login({ challengeId, code }))).toEqual([]);
  });

  it.each(['', '12345', 'abcdef', '١٢٣٤٥٦', 'zero\u0000byte', '9'.repeat(10_000)])(
    'may be no code at all: %.10j',
    async (code) => {
      const { challengeId } = await receiveOtp();
      expect(codesOf(await steps.login({ challengeId, code }))).toEqual(['OTP_INCORRECT']);
    },
  );

  it('is wrong where another back end made the challenge, before the configuration changed', async () => {
    const { challengeId, code } = await receiveOtp();
    await fixture.pool.query(`update otp_challenge set code_hash = '' where id = $1`, [challengeId]);
    expect(codesOf(await steps.login({ challengeId, code }))).toEqual(['OTP_INCORRECT']);
  });

  it('is guessed three times at most, also in parallel', async () => {
    const { challengeId, code } = await receiveOtp();
    const guesses = Array.from({ length: 30 }, (_, by) => wrong(code, by + 1));
    const answers = await Promise.all(guesses.map((guess) => steps.login({ challengeId, code: guess })));
    const codes = answers.flatMap(codesOf).sort();
    expect(codes).toEqual([...Array(27).fill('OTP_ATTEMPTS_EXCEEDED'), ...Array(3).fill('OTP_INCORRECT')]);
  });
});

describe('a right code', () => {
  it('holds for ten minutes', async () => {
    const early = await receiveOtp();
    fixture.clock.advance(600_000 - 1);
    expect(codesOf(await steps.login(early))).toEqual([]);
    const late = await steps.receiveOtp(phoneNumber, { earlier: 2 });
    fixture.clock.advance(600_000);
    expect(codesOf(await steps.login(late))).toEqual(['OTP_EXPIRED']);
  });

  it('serves once', async () => {
    const otp = await receiveOtp();
    await steps.login(otp);
    expect(codesOf(await steps.login(otp))).toEqual(['OTP_ALREADY_USED']);
  });

  it('serves once among fifty at the same time', async () => {
    const otp = await receiveOtp();
    const answers = await Promise.all(Array.from({ length: 50 }, () => steps.login(otp)));
    expect(answers.filter(({ accessToken }) => accessToken !== null)).toHaveLength(1);
    const refusals = answers.flatMap(codesOf);
    expect(refusals).toHaveLength(49);
    const expected = ['OTP_ALREADY_USED', 'OTP_ATTEMPTS_EXCEEDED'];
    expect(refusals.filter((code) => !expected.includes(code))).toEqual([]);
    const { rows } = await fixture.pool.query(
      'select s.id from session s join user_account u on u.id = s.user_id where phone_number = $1',
      [phoneNumber],
    );
    expect(rows).toHaveLength(2); // the registration's and this one
  });

  it('gives way to a newer one', async () => {
    const older = await receiveOtp();
    fixture.clock.advance(30_000);
    const newer = await steps.receiveOtp(phoneNumber, { earlier: 2 });
    expect(codesOf(await steps.login(older))).toEqual(['OTP_EXPIRED']);
    expect(codesOf(await steps.login(newer))).toEqual([]);
  });

  it('serves its own purpose only', async () => {
    const { challengeId, code } = await receiveOtp();
    expect(codesOf(await steps.register({ challengeId, code }))).toEqual(['NOT_FOUND']);
    const unproven = newPhoneNumber();
    const forLogin = await steps.receiveOtp(unproven);
    expect(codesOf(await steps.register({ destination: unproven, code: forLogin.code }))).toEqual([
      'OTP_INCORRECT',
    ]);
    expect(codesOf(await steps.login({ challengeId, code }))).toEqual([]);
  });
});

describe('bad input', () => {
  it.each(['019a0000-0000-7000-8000-00000000ffff', 'not-a-uuid', 'zero\u0000byte'])(
    'is the challenge %j',
    async (challengeId) => {
      const { userErrors } = await steps.login({ challengeId, code: '123456' });
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'challengeId'] }]);
    },
  );

  it.each([null, '', 'nowhere', '12345', 'zero\u0000@example.com'])(
    'is the destination %j without a challenge',
    async (destination) => {
      const { userErrors } = await steps.login({ destination, code: '123456' });
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'destination'] }]);
    },
  );
});

describe('client apps', () => {
  it.each(['WEB', 'MOBILE', 'KIOSK', 'PARENT'])(
    '%s is for everybody and its tokens say so',
    async (clientApp) => {
      const payload = await steps.login({ ...(await receiveOtp()), clientApp });
      expect(decodeJwt(payload.accessToken).aud).toBe(clientApp);
    },
  );

  it.each(['ADMIN', 'PARTNER'])('%s is not for customers, whose code stays good', async (clientApp) => {
    const otp = await receiveOtp();
    const { accessToken, userErrors } = await steps.login({ ...otp, clientApp });
    expect(accessToken).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'clientApp'] }]);
    expect(codesOf(await steps.login(otp))).toEqual([]);
  });

  it('ADMIN is for staff', async () => {
    const otp = await steps.receiveOtp(demoPeople.admin.phoneNumber);
    const { accessToken } = await steps.login({ ...otp, clientApp: 'ADMIN' });
    expect(decodeJwt(accessToken)).toMatchObject({ aud: 'ADMIN', roles: ['USER', 'ADMIN'] });
  });
});
