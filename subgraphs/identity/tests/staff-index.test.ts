import { randomUUID } from 'node:crypto';
import { Role } from '@suvidha/auth';
import { testActor, testDependencies } from '@suvidha/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createIdentityApp } from '../src/index.ts';
import { createExecute, type IdentityFixture, startIdentity } from './support/identity.fixture.ts';

let fixture: IdentityFixture;
const [someId, staffId, suspendedId] = [randomUUID(), randomUUID(), randomUUID()];

beforeAll(async () => {
  fixture = await startIdentity({ isStarted: false });
  const { pool } = fixture;
  await pool.query(`insert into user_account (id, username, email, phone_number, roles)
    select gen_random_uuid(), 'person ' || n, 'person' || n || '@example.com', '+9170' || 10000000 + n, '{USER}'
      from generate_series(1, 20000) as n`);
  await pool.query(
    `insert into user_account (id, username, roles, status) values
      ($1, 'needle in hay', '{USER}', 'ACTIVE'), ($2, null, '{USER,OPERATOR}', 'ACTIVE'), ($3, null, '{USER}', 'SUSPENDED')`,
    [someId, staffId, suspendedId],
  );
  // The chain is not what this is about, and takes its time.
  await pool.query('alter table audit_entry disable trigger user');
  await pool.query(
    `insert into audit_entry (id, sequence, occurred_at, action, outcome, request_id, subject_id)
      select gen_random_uuid(), n, now(), case n when 1 then 'KEYS_ROTATED' else 'LOGIN' end, 'SUCCESS', 'test',
        case n when 2 then $1::uuid else gen_random_uuid() end from generate_series(1, 20000) as n`,
    [someId],
  );
  await pool.query('vacuum analyze user_account, audit_entry');
});

afterAll(() => fixture[Symbol.asyncDispose]());

const admin = testActor({ roles: [Role.ADMIN] });

/** What staff look for, and the index that must find it. */
const searches = [
  ['part of a name', 'users', { search: 'needle' }, 'user_account_username_idx'],
  ['part of an address', 'users', { search: 'person777@' }, 'user_account_email_idx'],
  ['part of a number', 'users', { search: '10000777' }, 'user_account_phone_number_idx'],
  ['a role that few have', 'users', { role: 'OPERATOR', status: 'ACTIVE' }, 'user_account_roles_idx'],
  ['a state that few are in', 'users', { status: 'SUSPENDED' }, 'user_account_status_id_idx'],
  ['a rare act', 'auditLog', { action: 'KEYS_ROTATED' }, 'audit_entry_action_id_idx'],
  ['an account', 'auditLog', { subjectId: someId }, 'audit_entry_subject_id_id_idx'],
] as const;

it.each(searches)('what staff look for by %s is found by an index', async (_what, field, filter, index) => {
  const type = field === 'users' ? 'UserFilter' : 'AuditFilter';
  const query = `query ($filter: ${type}) { ${field}(filter: $filter) { edges { node { id } } } }`;
  const app = await createIdentityApp(testDependencies(fixture.config));
  const { data } = await createExecute(app)(query, { filter }, admin);
  expect(data[field].edges.length).toBeGreaterThan(0);
  // A connection that ends tells what it did at once.
  await app.stop();
  await vi.waitFor(
    async () => {
      const text = 'select idx_scan::int as count from pg_stat_user_indexes where indexrelname = $1';
      expect((await fixture.pool.query(text, [index])).rows[0].count).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 10 },
  );
});
