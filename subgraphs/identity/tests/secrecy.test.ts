import { demoPeople } from '@suvidha/demo';
import { createSealer } from '@suvidha/seal';
import { recordQueries } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { receiveCode } from './support/inbox.ts';
import { newPhoneNumber, Steps, wrong } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  // No worker runs, so each statement recorded is of the request, and jobs stay to be read.
  fixture = await startIdentity({ isStarted: false });
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** Messages to a phone number that wait, each with its job. */
async function findJobs(phoneNumber: string): Promise<Json[]> {
  const { rows } = await fixture.pool.query(
    `select delivery.id, sealed_content as sealed, payload from notification_delivery as delivery
       join graphile_worker._private_jobs as job on job.payload->>'deliveryId' = delivery.id::text
      where masked_destination = $1`,
    [`${phoneNumber.slice(0, 3)}*****${phoneNumber.slice(-4)}`],
  );
  return rows;
}

/** Everything the database holds, as text. */
async function dump(): Promise<string> {
  const tables = [
    'otp_challenge',
    'event_log',
    'session',
    'refresh_token',
    'notification_delivery',
    'notification_budget',
    'graphile_worker._private_jobs',
  ];
  const contents = await Promise.all(tables.map((table) => fixture.pool.query(`select * from ${table}`)));
  return JSON.stringify(contents.map(({ rows }) => rows));
}

describe('whether there is an account', () => {
  it.each(['LOGIN', 'REGISTRATION', 'PASSWORD_RESET', 'VERIFY'])(
    'is not told by asking for a code: %s',
    async (purpose) => {
      const ask = async (phoneNumber: string) => {
        using recorded = recordQueries();
        const payload = await steps.requestOtp(phoneNumber, purpose);
        const { id, maskedDestination, ...challenge } = payload.challenge;
        return {
          answer: {
            ...challenge,
            userErrors: payload.userErrors,
            lengths: [id, maskedDestination].map(length),
          },
          statements: [...recorded.statements],
          jobs: (await findJobs(phoneNumber)).length,
        };
      };
      const known = await ask(demoPeople.admin.phoneNumber);
      expect(known.statements.length).toBeGreaterThan(3);
      expect(await ask(newPhoneNumber())).toEqual(known);
      // The next purpose finds the same number of jobs.
      await fixture.pool.query('delete from graphile_worker._private_jobs');
    },
  );

  it('is not told by a wrong code', async () => {
    const attempt = async (phoneNumber: string) => {
      const { challenge } = await steps.requestOtp(phoneNumber);
      using recorded = recordQueries();
      const payload = await steps.login({ challengeId: challenge.id, code: 'wrong' });
      return { payload, statements: [...recorded.statements] };
    };
    expect(await attempt(newPhoneNumber())).toEqual(await attempt(demoPeople.customer.phoneNumber));
  });
});

describe('a code', () => {
  it('is nowhere in the database, neither in the clear nor hashed in the open', async () => {
    const phoneNumber = newPhoneNumber();
    const { challenge } = await steps.requestOtp(phoneNumber);
    const jobs = await findJobs(phoneNumber);
    expect(jobs).toEqual([
      { id: expect.any(String), sealed: expect.any(String), payload: { deliveryId: jobs[0].id } },
    ]);
    const opened = createSealer(fixture.config.secrets.masterKey).unseal('notification', jobs[0].sealed);
    const { to, variables } = JSON.parse(opened);
    const { code } = variables;
    expect({ to, variables }).toEqual({
      to: phoneNumber,
      variables: { code: expect.stringMatching(/^\d{6}$/), minutes: 10 },
    });
    // Ids, times and sealed text hold digits by chance: what holds the code must hold it as a word.
    expect(await dump()).not.toMatch(new RegExp(`\\b${code}\\b`));
    await fixture.app.start();
    expect(await receiveCode(fixture, phoneNumber)).toBe(code);
    await steps.login({ challengeId: challenge.id, code: wrong(code) });
    expect(await dump()).not.toMatch(new RegExp(`\\b${code}\\b`));
  });
});

describe('the log', () => {
  it('tells of no code, token, phone number or key, however much is logged', async () => {
    const phoneNumber = newPhoneNumber();
    const otp = await steps.receiveOtp(phoneNumber, { purpose: 'REGISTRATION' });
    const { accessToken, refreshToken } = await steps.register(otp);
    const refreshed = await steps.refresh(refreshToken);
    await steps.refresh(refreshToken);
    const { twilio, secrets, internal } = fixture.config;
    await fixture.pool.query('alter table refresh_token rename to hidden');
    const { errors } = await fixture.execute(
      'mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { accessToken } }',
      { t: refreshed.refreshToken },
    );
    expect(errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['refreshSession'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'test-request' },
      },
    ]);
    expect(fixture.logged()).toContain('unexpected error');
    expect(fixture.logged()).not.toMatch(new RegExp(`\\b${otp.code}\\b`));
    const secretTexts = [phoneNumber, accessToken, refreshToken, refreshed.refreshToken];
    const keys = [twilio.authToken, secrets.masterKey, internal.secret];
    for (const secret of [...secretTexts, ...keys]) expect(fixture.logged()).not.toContain(secret);
  });
});

function length(text: string): number {
  return text.length;
}
