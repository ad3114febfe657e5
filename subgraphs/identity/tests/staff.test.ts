import { Role, type UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { demoPeople } from '@suvidha/demo';
import { testActor } from '@suvidha/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { actorOf, codesOf, newPhoneNumber, Steps, wrong } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  fixture = await startIdentity();
  steps = new Steps(fixture);
});

afterAll(() => fixture[Symbol.asyncDispose]());

/** The demo admin, logged in a moment ago. */
let admin: UserActor;

beforeAll(async () => {
  const otp = await steps.receiveOtp(demoPeople.admin.phoneNumber);
  admin = actorOf(await steps.login(otp));
});

const operator = testActor({ roles: [Role.OPERATOR] });

async function auditOf(subjectId: string): Promise<Json[]> {
  const query = `query ($filter: AuditFilter) { auditLog(filter: $filter) { edges { node {
    action outcome actorId subjectId clientApp address userAgent requestId details } } } }`;
  const { data } = await fixture.execute(query, { filter: { subjectId } }, admin);
  return data.auditLog.edges.map(({ node }: Json) => ({ ...node, details: JSON.parse(node.details) }));
}

describe('setUserRole', () => {
  it('gives a role, voids the access tokens of before, and the next ones have it', async () => {
    const session = await steps.join();
    const { id: userId } = session.user;
    const { user } = await steps.do('setUserRole', { userId, role: 'OPERATOR' }, { actor: admin });
    expect(user).toEqual({ id: userId, roles: ['USER', 'OPERATOR'] });
    const { rows } = await fixture.pool.query('select tokens_not_before from user_account where id = $1', [
      userId,
    ]);
    expect(rows[0].tokens_not_before).toEqual(fixture.clock.now());
    const refreshed = await steps.refresh(session.refreshToken);
    expect(decodeJwt(refreshed.accessToken).roles).toEqual(['USER', 'OPERATOR']);
    await steps.do('setUserRole', { userId, role: 'USER' }, { actor: admin });
    expect(decodeJwt((await steps.refresh(refreshed.refreshToken)).accessToken).roles).toEqual(['USER']);
  });

  it('ends what the role was needed for', async () => {
    const { user } = await steps.join();
    await steps.do('setUserRole', { userId: user.id, role: 'OPERATOR' }, { actor: admin });
    const otp = await steps.receiveOtp(user.phoneNumber, { earlier: 1 });
    const session = await steps.login({ ...otp, clientApp: 'ADMIN' });
    expect(codesOf(session)).toEqual([]);
    await steps.do('setUserRole', { userId: user.id, role: 'USER' }, { actor: admin });
    expect(codesOf(await steps.refresh(session.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
  });

  it.each(['setUserRole', 'suspendUser', 'reinstateUser'] as const)('%s is for admins only', async (name) => {
    const input = { userId: uuidv7(), role: 'ADMIN', reason: 'none' };
    const fields: Json = {
      setUserRole: ['userId', 'role'],
      suspendUser: ['userId', 'reason'],
      reinstateUser: ['userId'],
    };
    const given = Object.fromEntries(fields[name].map((field: string) => [field, input[field as 'role']]));
    await expect(steps.do(name, given, { actor: operator })).rejects.toThrow('FORBIDDEN');
    await expect(steps.do(name, given)).rejects.toThrow('UNAUTHENTICATED');
  });

  it.each([uuidv7(), 'no id'])('knows nobody with the id %s', async (userId) => {
    expect(codesOf(await steps.do('setUserRole', { userId, role: 'ADMIN' }, { actor: admin }))).toEqual([
      'NOT_FOUND',
    ]);
  });

  it('cannot be done to oneself', async () => {
    const input = { userId: admin.userId, role: 'USER' };
    expect(codesOf(await steps.do('setUserRole', input, { actor: admin }))).toEqual(['INVALID_INPUT']);
  });

  it('wants a recent proof', async () => {
    const { user } = await steps.join();
    const stale = { ...testActor({ userId: admin.userId, roles: [Role.ADMIN] }) };
    const input = { userId: user.id, role: 'OPERATOR' };
    expect(codesOf(await steps.do('setUserRole', input, { actor: stale }))).toEqual(['STEP_UP_REQUIRED']);
  });
});

describe('suspendUser', () => {
  it('ends all sessions and lets nobody in, by any way, until the person is let in again', async () => {
    const session = await steps.join();
    const { id: userId, phoneNumber } = session.user;
    const input = { userId, reason: 'chargebacks' };
    const { user } = await steps.do('suspendUser', input, { actor: admin });
    expect(user).toEqual({ id: userId, status: 'SUSPENDED' });
    expect(codesOf(await steps.refresh(session.refreshToken))).toEqual(['REFRESH_TOKEN_INVALID']);
    const otp = await steps.receiveOtp(phoneNumber, { earlier: 1 });
    expect(codesOf(await steps.login(otp))).toEqual(['ACCOUNT_SUSPENDED']);
    await steps.do('reinstateUser', { userId }, { actor: admin });
    expect(codesOf(await steps.login(otp))).toEqual([]);
  });

  it('is done once, however many admins do it at the same time', async () => {
    const { user } = await steps.join();
    const input = { userId: user.id, reason: 'spam' };
    await Promise.all(Array.from({ length: 5 }, () => steps.do('suspendUser', input, { actor: admin })));
    const { rows } = await fixture.pool.query(
      `select 1 from event_log where type = 'session.revoked' and aggregate_id = $1`,
      [user.id],
    );
    expect(rows).toHaveLength(1);
  });

  it('tells nobody who has not proven who they are', async () => {
    const { email, userId } = await steps.joinWithPassword();
    await steps.do('suspendUser', { userId, reason: 'spam' }, { actor: admin });
    const guess = await steps.loginWithPassword({ name: email, password: 'a wrong one' });
    expect(codesOf(guess)).toEqual(['CREDENTIALS_INCORRECT']);
  });
});

describe('users', () => {
  const query = `query ($filter: UserFilter, $first: Int! = 20, $after: String) {
    users(filter: $filter, first: $first, after: $after) {
      edges { node { id username status roles } cursor } pageInfo { hasNextPage endCursor } } }`;
  const list = async (variables: object) => (await fixture.execute(query, variables, operator)).data.users;
  const idsOf = ({ edges }: Json) => edges.map(({ node }: Json) => node.id);

  it('finds people by part of a name, address or number, and by id', async () => {
    const { customer } = demoPeople;
    for (const search of ['ASH', 'asha@exam', '+91987654321', customer.id])
      expect(idsOf(await list({ filter: { search } }))).toContain(customer.id);
    expect(idsOf(await list({ filter: { search: 'asha@exam' } }))).toEqual([customer.id]);
  });

  it.each(['%', '_', '\\', "'; drop table user_account; --", 'zero\u0000byte'])(
    'takes %j for what it is',
    async (search) => {
      expect(idsOf(await list({ filter: { search } }))).toEqual([]);
    },
  );

  it('takes no search that is longer than what it could find', async () => {
    const { errors } = await fixture.execute(query, { filter: { search: 'x'.repeat(255) } }, operator);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: ['filter', 'search'] } }]);
  });

  it('filters by role and state, and pages', async () => {
    expect(idsOf(await list({ filter: { role: 'ADMIN' } }))).toContain(demoPeople.admin.id);
    expect(idsOf(await list({ filter: { role: 'ADMIN', status: 'SUSPENDED' } }))).toEqual([]);
    const [first] = [await list({ first: 1 })];
    const second = await list({ first: 1, after: first.pageInfo.endCursor });
    expect([first.pageInfo.hasNextPage, first.edges.length, second.edges.length]).toEqual([true, 1, 1]);
    expect(idsOf(first)).not.toEqual(idsOf(second));
  });

  it('is for staff; a person sees themself', async () => {
    const session = await steps.join();
    const actor = actorOf(session);
    const { errors } = await fixture.execute(query, {}, actor);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const one = 'query ($id: ID!) { user(id: $id) { id } }';
    expect((await fixture.execute(one, { id: session.user.id }, actor)).data.user).toEqual({
      id: session.user.id,
    });
    for (const id of [demoPeople.customer.id, 'no id'])
      expect((await fixture.execute(one, { id }, actor)).data).toEqual({ user: null });
    expect((await fixture.execute(one, { id: demoPeople.customer.id }, operator)).data.user).not.toBeNull();
  });
});

describe('the audit log', () => {
  const client = { address: '198.51.100.7', userAgent: 'Test Browser' };

  it('tells who did what to whom, and from where', async () => {
    const phoneNumber = newPhoneNumber();
    const otp = await steps.receiveOtp(phoneNumber, { purpose: 'REGISTRATION' });
    const session = await steps.do('registerWithOtp', otp, { client });
    const { id: userId } = session.user;
    await steps.do('suspendUser', { userId, reason: 'spam' }, { actor: admin, client });
    const where = { address: client.address, userAgent: client.userAgent, requestId: 'test-request' };
    expect(await auditOf(userId)).toEqual([
      {
        action: 'USER_SUSPENDED',
        outcome: 'SUCCESS',
        actorId: admin.userId,
        subjectId: userId,
        clientApp: 'WEB',
        ...where,
        details: { reason: 'spam' },
      },
      {
        action: 'REGISTRATION',
        outcome: 'SUCCESS',
        actorId: null,
        subjectId: userId,
        clientApp: 'WEB',
        ...where,
        details: { method: 'OTP', sessionId: actorOf(session).sessionId },
      },
    ]);
  });

  it('tells at an account of wrong codes for it, too', async () => {
    const { user } = await steps.join();
    const otp = await steps.receiveOtp(user.phoneNumber, { earlier: 1 });
    await steps.login({ challengeId: otp.challengeId, code: wrong(otp.code) });
    await steps.login({ destination: user.phoneNumber, code: wrong(otp.code) });
    const [byDestination, byChallenge] = await auditOf(user.id);
    const refused = {
      action: 'LOGIN',
      outcome: 'FAILURE',
      details: { method: 'OTP', code: 'OTP_INCORRECT' },
    };
    expect([byDestination, byChallenge]).toMatchObject([refused, refused]);
  });

  it('has logins, failures, contacts, passwords and ends of sessions', async () => {
    const { email, userId, password } = await steps.joinWithPassword();
    await steps.loginWithPassword({ name: email, password: 'a wrong one' });
    const session = await steps.loginWithPassword({ name: email, password });
    const actor = actorOf(session);
    await steps.do(
      'changePassword',
      { currentPassword: password, newPassword: 'kite-over-harbour-77' },
      { actor },
    );
    const phoneVerification = await steps.receiveOtp(newPhoneNumber(), { purpose: 'VERIFY' });
    await steps.do('updateProfile', { phoneVerification }, { actor });
    await steps.refresh(session.refreshToken);
    fixture.clock.advance(10_000);
    await steps.refresh(session.refreshToken);
    const lines = (await auditOf(userId)).map(({ action, outcome, details }) => [
      action,
      outcome,
      details.code,
    ]);
    expect(lines).toEqual([
      ['TOKEN_REUSED', 'FAILURE', undefined],
      ['CONTACT_CHANGED', 'SUCCESS', undefined],
      ['PASSWORD_CHANGED', 'SUCCESS', undefined],
      ['LOGIN', 'SUCCESS', undefined],
      ['LOGIN', 'FAILURE', 'CREDENTIALS_INCORRECT'],
      ['REGISTRATION', 'SUCCESS', undefined],
    ]);
  });

  it('is for admins', async () => {
    const { errors } = await fixture.execute('{ auditLog { edges { cursor } } }', {}, operator);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it.each(["update audit_entry set outcome = 'SUCCESS'", 'delete from audit_entry', 'truncate audit_entry'])(
    'is kept by the database from: %s',
    async (statement) => {
      await expect(fixture.pool.query(statement)).rejects.toThrow(/never changed/);
    },
  );

  const integrity = async () =>
    (await fixture.execute('{ auditLogIntegrity { isIntact entries brokenAt } }', {}, admin)).data
      .auditLogIntegrity;

  it('is a chain, also when many write at once', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => steps.join()));
    await Promise.all(people.map((person) => steps.logout(actorOf(person))));
    const { isIntact, entries, brokenAt } = await integrity();
    expect([isIntact, brokenAt]).toEqual([true, null]);
    expect(entries).toBeGreaterThan(8);
  });

  it('shows where somebody with power over the database changed or removed a line', async () => {
    await using own = await startIdentity();
    const people = new Steps(own);
    const first = await people.join();
    await people.logout(actorOf(first));
    const check = async () => {
      const query = '{ auditLogIntegrity { isIntact brokenAt } }';
      return (await own.execute(query, {}, testActor({ roles: [Role.ADMIN] }))).data.auditLogIntegrity;
    };
    await own.pool.query('alter table audit_entry disable trigger user');
    const { rows } = await own.pool.query('select id, address from audit_entry order by sequence');
    await own.pool.query(`update audit_entry set address = '192.0.2.1' where id = $1`, [rows[0].id]);
    expect(await check()).toEqual({ isIntact: false, brokenAt: rows[0].id });
    await own.pool.query('update audit_entry set address = $2 where id = $1', [rows[0].id, rows[0].address]);
    expect(await check()).toEqual({ isIntact: true, brokenAt: null });
    await own.pool.query('delete from audit_entry where id = $1', [rows[0].id]);
    expect(await check()).toEqual({ isIntact: false, brokenAt: rows[1].id });
  });
});

describe('adminDashboard', () => {
  const query = `query ($from: DateTime!, $to: DateTime!) { adminDashboard(from: $from, to: $to) { from to
    accounts { registrations logins refusedLogins accounts suspendedAccounts activeSessions } } }`;

  it('counts what happened to accounts in a period', async () => {
    fixture.clock.advance(1_000);
    const from = fixture.clock.now();
    const { email, password } = await steps.joinWithPassword();
    await steps.loginWithPassword({ name: email, password: 'a wrong one' });
    await steps.loginWithPassword({ name: email, password });
    fixture.clock.advance(1_000);
    const to = fixture.clock.now();
    const period = { from: from.toISOString(), to: to.toISOString() };
    const { data } = await fixture.execute(query, period, admin);
    expect(data.adminDashboard).toMatchObject({
      ...period,
      accounts: { registrations: 1, logins: 1, refusedLogins: 1 },
    });
    const representations = [{ __typename: 'AdminDashboard', ...period }];
    const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on AdminDashboard { accounts { logins } } } }`;
    const answer = await fixture.execute(entities, { representations }, admin);
    expect(answer.data._entities).toEqual([{ accounts: { logins: 1 } }]);
  });

  it('refuses a period that ends before it begins', async () => {
    const at = fixture.clock.now().toISOString();
    const { errors } = await fixture.execute(query, { from: at, to: at }, admin);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: ['to'] } }]);
  });

  it('is for staff, and the section for admins', async () => {
    const period = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
    const asOperator = await fixture.execute(query, period, operator);
    expect([asOperator.data.adminDashboard.accounts, asOperator.errors[0].extensions.code]).toEqual([
      null,
      'FORBIDDEN',
    ]);
    expect((await fixture.execute(query, period, testActor())).data).toEqual({ adminDashboard: null });
  });
});
