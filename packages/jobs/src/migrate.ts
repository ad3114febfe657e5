import { runMigrations } from 'graphile-worker';
import type { Pool } from 'pg';
import { quiet } from './quiet-logger.ts';

/** Installs or upgrades the job tables. The caller holds the migration lock of the database. */
export async function migrateJobs(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: quiet });
  await keepPlans(pool);
}

/**
 * Has the statements in `add_jobs` planned once for each connection. It takes an array of jobs, and PostgreSQL takes it to
 * be worth a new plan for each array: a millisecond more for each job, and nearly every transaction adds one.
 */
async function keepPlans(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc
     where proname = 'add_jobs' and pronamespace = 'graphile_worker'::regnamespace and proconfig is null`,
  );
  for (const { signature } of rows)
    await pool.query(`alter function ${signature} set plan_cache_mode = force_generic_plan`);
}
