import { hash } from '@node-rs/argon2';
import { demoPeople } from '@suvidha/demo';
import { recordQueries } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFixture, type Json, startIdentity } from './support/identity.fixture.ts';
import { codesOf, type documents, goodPassword, newEmail, Steps } from './support/steps.ts';

let fixture: IdentityFixture;
let steps: Steps;

beforeAll(async () => {
  // No job runs: each statement that is recorded is one of the request.
  fixture = await startIdentity({ isStarted: false });
  steps = new Steps(fixture);
  await fixture.pool.query('update user_account set password_hash = $1 where email = $2', [
    await hash(goodPassword, { memoryCost: 1024, timeCost: 1, parallelism: 1 }),
    withPassword,
  ]);
});

afterAll(() => fixture[Symbol.asyncDispose]());

const withPassword = demoPeople.customer.email;
const withoutPassword = demoPeople.operator.email;
const client = { address: '203.0.113.9' };

/** What a request answers, what it asks the database, and what it leaves to be done. */
async function observe(name: keyof typeof documents, input: object): Promise<Json> {
  await fixture.pool.query('delete from graphile_worker._private_jobs');
  using recorded = recordQueries();
  const payload = await steps.do(name, input, { client });
  const statements = [...recorded.statements];
  const { rows } = await fixture.pool.query(
    `select task.identifier as task, array(select json_object_keys(job.payload) order by 1) as fields
       from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id`,
  );
  return { payload, statements, jobs: rows };
}

describe('who asks does not learn whether there is an account', () => {
  it.each([
    ['registerWithPassword', { password: 'kite-over-harbour-77' }],
    ['resendEmailVerification', {}],
    ['requestPasswordReset', {}],
  ] as const)('from %s', async (name, more) => {
    const unknown = await observe(name, { email: newEmail(), ...more });
    expect(unknown.payload).toEqual({ userErrors: [] });
    expect([unknown.statements.length > 4, unknown.jobs.length]).toEqual([true, 1]);
    for (const email of [withPassword, withoutPassword]) {
      fixture.clock.advance(30_000);
      expect(await observe(name, { email, ...more })).toEqual(unknown);
    }
  });

  it('from loginWithPassword, whether the name is unknown, has no password or another one', async () => {
    const attempt = (name: string) => observe('loginWithPassword', { name, password: 'a wrong one' });
    const unknown = await attempt(newEmail());
    expect(codesOf(unknown.payload)).toEqual(['CREDENTIALS_INCORRECT']);
    expect(unknown.statements.length).toBeGreaterThan(2);
    for (const name of [withPassword, withoutPassword]) expect(await attempt(name)).toEqual(unknown);
  });
});
