import type { SqlClient } from '@suvidha/db';

export interface AddJobOptions {
  /** Not before this time. Default: now. */
  readonly runAt?: Date;
  /** Jobs with the same key that wait are one job; the newest payload and time win. Default: none. */
  readonly key?: string;
  /** Jobs of a lower number run first where several are due. Default 0. */
  readonly priority?: number;
  /** After this many failures the job is a dead letter. Default 25, about three days of back-off. */
  readonly maxAttempts?: number;
}

/**
 * Adds a durable job in the caller's transaction: it is there if and only if the transaction commits.
 * The payload is stored in plain text, so secrets in it must be sealed.
 */
export async function addJob(
  tx: SqlClient,
  task: string,
  payload: object,
  { runAt, key, priority = 0, maxAttempts = 25 }: AddJobOptions = {},
): Promise<void> {
  await tx.$executeRaw`select from graphile_worker.add_job(
    ${task}::text, ${JSON.stringify(payload)}::json,
    run_at := ${runAt ?? null}::timestamptz,
    job_key := ${key ?? null}::text,
    priority := ${priority}::int,
    max_attempts := ${maxAttempts}::int)`;
}
