import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createPool } from '@suvidha/db';
import { createLog } from '@suvidha/log';
import { createTestDatabase } from '@suvidha/testing';
import type { Pool } from 'pg';
import { type JobHandlers, type JobWorker, migrateJobs, startJobWorker } from '../src/index.ts';

export const log = createLog({ service: 'test', level: 'silent' });

/** A pool whose queries can be waited for: the test's clock. */
export interface WatchedPool extends AsyncDisposable {
  readonly pool: Pool;
  /** Resolves when the pool has, from now on, finished so many sweeps for jobs of dead workers. */
  sweeps(count: number): Promise<void>;
}

export async function createJobDatabase(): Promise<string> {
  const url = await createTestDatabase();
  await using watched = openPool(url);
  await migrateJobs(watched.pool);
  return url;
}

export function openPool(url: string): WatchedPool {
  const pool = createPool(url, { applicationName: 'test', max: 12, log });
  const swept = new EventTarget();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args);
    if (String(args[0]).includes('locked_by is distinct from')) swept.dispatchEvent(new Event('sweep'));
    return result;
  }) as typeof pool.query;
  return {
    pool,
    sweeps: async (count) => {
      for (let seen = 0; seen < count; seen += 1) await once(swept, 'sweep');
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

export interface StartedWorker extends AsyncDisposable {
  readonly worker: JobWorker;
}

export async function startWorker(pool: Pool, handlers: JobHandlers): Promise<StartedWorker> {
  const worker = await startJobWorker({ pool, handlers, log });
  return { worker, [Symbol.asyncDispose]: () => worker.stop() };
}

/** Adds a job outside any transaction. */
export async function addTestJob(pool: Pool, task: string, maxAttempts = 25): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `select id::text from graphile_worker.add_job($1, '{}', max_attempts := $2::int)`,
    [task, maxAttempts],
  );
  return rows[0]!.id;
}

/** A process of its own with one worker; it says when it has a `stuck` job in hand, and never finishes it. */
export async function forkWorker(url: string): Promise<ChildProcess & AsyncDisposable> {
  const child = fork(new URL('worker.process.ts', import.meta.url), [url], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return Object.assign(child, {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
}
