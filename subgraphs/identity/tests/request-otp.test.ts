import { demoPeople } from '@suvidha/demo';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { receiveCode, receiveMessages } from './support/inbox.ts';
import { codesOf, documents, newPhoneNumber, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

const hourMs = 3_600_000;
const cooldownMs = 30_000;

async function countChallenges(destination: string): Promise<number> {
  const text = 'select count(*)::int as count from otp_challenge where destination = $1';
  return (await fixture.pool.query(text, [destination])).rows[0].count;
}

async function jobs(): Promise<Record<string, unknown>[]> {
  // What is to be done later is none of it: housekeeping.
  return (await fixture.pool.query('select * from graphile_worker._private_jobs where run_at <= now()')).rows;
}

describe('requestOtp', () => {
  it('sends six digits by SMS and says where they went, masked', async () => {
    expect(await steps.requestOtp(demoPeople.customer.phoneNumber)).toEqual({
      challenge: {
        id: expect.any(String),
        maskedDestination: '+91*****3210',
        expiresAt: new Date(fixture.clock.now().getTime() + 600_000).toISOString(),
        attemptsRemaining: 3,
      },
      userErrors: [],
    });
    const messages = await receiveMessages(fixture, demoPeople.customer.phoneNumber);
    expect(messages).toMatchObject([{ channel: 'SMS', text: expect.stringMatching(/^\d{6} is your/) }]);
  });

  it('sends them by e-mail', async () => {
    const { challenge } = await steps.requestOtp('meera@example.com');
    expect(challenge.maskedDestination).toBe('m***@example.com');
    const messages = await receiveMessages(fixture, 'meera@example.com');
    expect(messages).toMatchObject([
      { channel: 'EMAIL', subject: 'Your Suvidha code', text: expect.stringMatching(/^\d{6} is your/) },
    ]);
  });

  it('makes whoever asks again wait for half a minute', async () => {
    const phoneNumber = newPhoneNumber();
    await steps.requestOtp(phoneNumber);
    fixture.clock.advance(cooldownMs - 1);
    const tooSoon = await steps.requestOtp(phoneNumber);
    expect([tooSoon.challenge, codesOf(tooSoon)]).toEqual([null, ['OTP_RESEND_TOO_SOON']]);
    expect(await countChallenges(phoneNumber)).toBe(1);
    fixture.clock.advance(1);
    expect(codesOf(await steps.requestOtp(phoneNumber))).toEqual([]);
  });

  it('sends no more than five codes to one destination within an hour', async () => {
    const phoneNumber = newPhoneNumber();
    for (let sent = 0; sent < 5; sent += 1) {
      expect(codesOf(await steps.requestOtp(phoneNumber))).toEqual([]);
      fixture.clock.advance(cooldownMs);
    }
    expect(codesOf(await steps.requestOtp(phoneNumber))).toEqual(['RATE_LIMITED']);
    expect(codesOf(await steps.requestOtp(newPhoneNumber()))).toEqual([]);
    fixture.clock.advance(hourMs - 5 * cooldownMs);
    expect(codesOf(await steps.requestOtp(phoneNumber))).toEqual([]);
  });

  it('sends one code when one destination asks twenty times at once', async () => {
    const phoneNumber = newPhoneNumber();
    const answers = await Promise.all(Array.from({ length: 20 }, () => steps.requestOtp(phoneNumber)));
    expect(answers.filter(({ challenge }) => challenge !== null)).toHaveLength(1);
    expect(answers.flatMap(codesOf)).toEqual(Array(19).fill('OTP_RESEND_TOO_SOON'));
    expect(await countChallenges(phoneNumber)).toBe(1);
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), { timeout: 20_000 });
    expect(await receiveMessages(fixture, phoneNumber)).toHaveLength(1);
  });
});

describe('bad input', () => {
  const badNumbers = ['9876543210', '+91 98765 43210', '+0123456789', '+91', 'tel:+919876543210', ''];
  it.each(badNumbers)('is a phone number like %j', async (phoneNumber) => {
    const { data, errors } = await fixture.execute(documents.requestOtp, {
      input: { phoneNumber, purpose: 'LOGIN' },
    });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { message: expect.stringContaining('E.164'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it.each([
    ['neither a phone number nor an e-mail address', {}],
    ['both', { phoneNumber: '+919000000000', email: 'a@example.com' }],
  ])('is %s', async (_what, to) => {
    const { data, errors } = await fixture.execute(documents.requestOtp, {
      input: { ...to, purpose: 'LOGIN' },
    });
    expect(data).toEqual({ requestOtp: null });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', field: ['input', 'phoneNumber'] } },
    ]);
  });
});

describe('a vendor that is down', () => {
  it.each([
    ['SMS', 'twilio', 'send-message', '500', newPhoneNumber()],
    ['e-mail', 'smtp', 'deliver-mail', 'refused', 'delayed@example.com'],
  ])('delays the %s and fails no request', async (_channel, party, call, fault, address) => {
    await fetch(`${fixture.sandbox.url}/control/scenario`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ party, call, fault, times: 1 }),
    });
    expect(codesOf(await steps.requestOtp(address))).toEqual([]);
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ attempts: 1, locked_at: null }]), {
      timeout: 20_000,
      interval: 10,
    });
    const failed = JSON.stringify(await jobs());
    await fixture.pool.query(
      'select graphile_worker.reschedule_jobs(array(select id from graphile_worker._private_jobs), now())',
    );
    const code = await receiveCode(fixture, address);
    expect(failed).not.toContain(code);
    expect(fixture.logged()).toContain('job failed');
    expect(fixture.logged()).not.toMatch(new RegExp(`\\b${code}\\b`));
    expect(fixture.logged()).not.toContain(address);
  });
});
