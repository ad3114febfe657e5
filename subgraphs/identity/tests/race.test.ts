import { Role } from '@suvidha/auth';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { actorOf, codesOf, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** Begins `work`, and lets `change` be committed only when it waits for the account's row. */
async function overtake<T>(userId: string, change: string, work: () => Promise<T>): Promise<T> {
  const client = await fixture.pool.connect();
  try {
    await client.query('begin');
    await client.query('select from user_account where id = $1 for update', [userId]);
    const begun = work();
    await vi.waitFor(
      async () => {
        const { rows } = await fixture.pool.query(`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`);
        expect(rows.length).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 10 },
    );
    await client.query(change, [userId]);
    await client.query('commit');
    return await begun;
  } finally {
    client.release();
  }
}

it('lets nobody in who is suspended while they log in', async () => {
  const { user } = await steps.join();
  const otp = await steps.receiveOtp(user.phoneNumber, { earlier: 1 });
  const suspend = `update user_account set status = 'SUSPENDED' where id = $1`;
  expect(codesOf(await overtake(user.id, suspend, () => steps.login(otp)))).toEqual(['ACCOUNT_SUSPENDED']);
});

it('takes no password that is changed while somebody logs in with it', async () => {
  const { email, password, userId } = await steps.joinWithPassword();
  const change = `update user_account set password_hash = 'another' where id = $1`;
  const login = () => steps.loginWithPassword({ name: email, password });
  expect(codesOf(await overtake(userId, change, login))).toEqual(['CREDENTIALS_INCORRECT']);
});

it('changes a password once by the one so far, however many do at the same time', async () => {
  const { email, password } = await steps.joinWithPassword();
  const actor = actorOf(await steps.loginWithPassword({ name: email, password }));
  const changes = ['kite-over-harbour-77', 'lamp-under-bridge-78', 'boat-beside-temple-79'].map(
    (newPassword) => steps.do('changePassword', { currentPassword: password, newPassword }, { actor }),
  );
  const codes = (await Promise.all(changes)).flatMap(codesOf);
  expect(codes).toEqual(['CREDENTIALS_INCORRECT', 'CREDENTIALS_INCORRECT']);
});

it('leaves one admin when two take the role of each other at the same moment', async () => {
  const [first, second] = await Promise.all([steps.join(), steps.join()]);
  for (const { user } of [first, second])
    await fixture.pool.query(`update user_account set roles = '{USER,ADMIN}' where id = $1`, [user.id]);
  const act = (session: typeof first, other: typeof first) =>
    steps.do(
      'setUserRole',
      { userId: other.user.id, role: 'USER' },
      { actor: { ...actorOf(session), roles: [Role.ADMIN], scopes: ['user:admin'] } },
    );
  const outcomes = await Promise.allSettled([act(first, second), act(second, first)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { rows } = await fixture.pool.query(
    `select count(*)::int as count from user_account where 'ADMIN' = any(roles) and id = any($1)`,
    [[first.user.id, second.user.id]],
  );
  expect(rows[0].count).toBe(1);
});
