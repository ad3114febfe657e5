import { expect, it } from 'vitest';
import { migrateJobs } from '../src/index.ts';
import { addTestJob, createJobDatabase, openPool } from './jobs.fixture.ts';

it('has jobs added without a new plan each time, also after it has run again', async () => {
  await using watched = openPool(await createJobDatabase());
  await migrateJobs(watched.pool);
  const { rows } = await watched.pool.query(
    `select proconfig from pg_proc where proname = 'add_jobs' and pronamespace = 'graphile_worker'::regnamespace`,
  );
  expect(rows).toEqual([{ proconfig: ['plan_cache_mode=force_generic_plan'] }]);
  await addTestJob(watched.pool, 'any');
});
