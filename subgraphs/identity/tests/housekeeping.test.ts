import { expect, it, vi } from 'vitest';
import { startIdentity } from './support/identity.fixture.ts';
import { Steps } from './support/steps.ts';

const dayMs = 24 * 3_600_000;

it('removes what is over, keeps what is not, and comes again', async () => {
  await using fixture = await startIdentity();
  const steps = new Steps(fixture);
  await steps.join();
  const count = async (table: string) =>
    (await fixture.pool.query(`select count(*)::int as count from ${table}`)).rows[0].count;
  const runNow = () =>
    fixture.pool.query(
      `select from graphile_worker.add_job('identity-housekeeping', '{}', job_key := 'identity-housekeeping')`,
    );
  const waiting = `select run_at from graphile_worker._private_jobs where key = 'identity-housekeeping'`;
  const untilDone = async () => {
    await runNow();
    await vi.waitFor(
      async () => {
        const { rows } = await fixture.pool.query(waiting);
        expect(rows).toEqual([{ run_at: new Date(fixture.clock.now().getTime() + 3_600_000) }]);
      },
      { timeout: 20_000, interval: 20 },
    );
  };

  fixture.clock.advance(dayMs);
  await untilDone();
  expect([await count('otp_challenge'), await count('session'), await count('refresh_token')]).toEqual([
    1, 1, 1,
  ]);
  fixture.clock.advance(31 * dayMs);
  await untilDone();
  expect([await count('otp_challenge'), await count('session'), await count('refresh_token')]).toEqual([
    0, 0, 0,
  ]);
  expect(await count('audit_entry')).toBe(1);
  expect([await count('notification_delivery'), await count('notification_budget')]).toEqual([1, 0]);
  fixture.clock.advance(60 * dayMs);
  await untilDone();
  expect(await count('notification_delivery')).toBe(0);
});
