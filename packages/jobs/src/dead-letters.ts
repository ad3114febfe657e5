import type { Pool } from 'pg';

/** A job that failed as often as it may. */
export interface DeadJob {
  readonly id: string;
  readonly task: string;
  readonly attempts: number;
  readonly failedAt: Date;
}

/** Jobs that are given up, oldest first; at most 100. Payloads stay in the database. */
export async function listDeadJobs(pool: Pool): Promise<DeadJob[]> {
  const { rows } = await pool.query<DeadJob>(
    `select id::text, task_identifier as task, attempts, updated_at as "failedAt"
       from graphile_worker.jobs where attempts >= max_attempts and locked_at is null
      order by updated_at limit 100`,
  );
  return rows;
}

/** Gives dead jobs all their attempts anew, from now. */
export async function replayDeadJobs(pool: Pool, ids: readonly string[]): Promise<void> {
  await pool.query(
    'select from graphile_worker.reschedule_jobs($1::bigint[], run_at := now(), attempts := 0)',
    [ids],
  );
}
