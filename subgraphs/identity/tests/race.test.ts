import { Role } from '@suvidha/auth';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type IdentityFixture, startIdentity } from './support/identity.fixture.ts';
import { actorOf, codesOf, newPhoneNumber, Steps } from './support/steps.ts';

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

it('signs no role into a token that is taken away while the session is refreshed', async () => {
  const { user, refreshToken } = await steps.join();
  await fixture.pool.query(`update user_account set roles = '{USER,OPERATOR}' where id = $1`, [user.id]);
  const take = `update user_account set roles = '{USER}' where id = $1`;
  const { accessToken } = await overtake(user.id, take, () => steps.refresh(refreshToken));
  expect(decodeJwt(accessToken).roles).toEqual(['USER']);
});

const endSessions = 'update session set revoked_at = now() where user_id = $1';

it('changes no contact of who is shut out, or leaves, at the same moment', async () => {
  const session = await steps.join();
  const phoneVerification = await steps.receiveOtp(newPhoneNumber(), { purpose: 'VERIFY' });
  const change = () => steps.do('updateProfile', { phoneVerification }, { actor: actorOf(session) });
  expect(codesOf(await overtake(session.user.id, endSessions, change))).toEqual(['NOT_FOUND']);
  const { rows } = await fixture.pool.query('select phone_number as number from user_account where id = $1', [
    session.user.id,
  ]);
  expect(rows).toEqual([{ number: session.user.phoneNumber }]);
});

it('begins no archive for who leaves at the same moment: no erasure would find it', async () => {
  const session = await steps.join();
  const query = 'mutation { exportMyData { userErrors { code } } }';
  const ask = () => fixture.execute(query, {}, actorOf(session));
  const { data } = await overtake(session.user.id, endSessions, ask);
  expect(codesOf(data.exportMyData)).toEqual(['STEP_UP_REQUIRED']);
  const { rows } = await fixture.pool.query('select from data_export where user_id = $1', [session.user.id]);
  expect(rows).toEqual([]);
});

it('lets one of the last two admins leave when both do at the same moment', async () => {
  await using own = await startIdentity();
  const people = new Steps(own);
  const two = [await people.join(), await people.join()];
  await own.pool.query(`update user_account set roles = '{USER}'`);
  const ids = two.map(({ user }) => user.id);
  await own.pool.query(`update user_account set roles = '{USER,ADMIN}' where id = any($1)`, [ids]);
  const query = 'mutation { deleteMyAccount(input: { isFinal: true }) { userErrors { code } } }';
  const leave = (session: (typeof two)[0]) => own.execute(query, {}, actorOf(session));
  const answers = await Promise.all(two.map(leave));
  expect(answers.flatMap(({ data }) => codesOf(data.deleteMyAccount))).toEqual(['LAST_ADMIN']);
  const { rows } = await own.pool.query(
    `select status from user_account where 'ADMIN' = any(roles) order by 1`,
  );
  expect(rows).toEqual([{ status: 'ACTIVE' }, { status: 'LEAVING' }]);
});
