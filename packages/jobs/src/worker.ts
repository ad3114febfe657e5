import type { Log } from '@suvidha/log';
import { type JobHelpers, run, type TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import { createWorkerLeases } from './leases.ts';
import { quiet } from './quiet-logger.ts';

/** Does a job. Throwing means: try again later. It may run more than once and must tolerate that. */
export type JobHandler = (payload: unknown) => Promise<void>;

/** Handlers by task name. */
export type JobHandlers = Readonly<Record<string, JobHandler>>;

export interface JobWorker {
  /** Finishes the jobs in hand and takes no more. */
  stop(): Promise<void>;
}

export interface JobWorkerOptions {
  readonly pool: Pool;
  readonly handlers: JobHandlers;
  readonly log: Log;
  /** Jobs at a time. Default 4. */
  readonly concurrency?: number;
}

/**
 * Runs durable jobs until stopped. Jobs that a killed process had in hand become free within seconds of its death
 * (see {@link createWorkerLeases}); graphile-worker alone would keep them for four hours.
 */
export async function startJobWorker({
  pool,
  handlers,
  log,
  concurrency = 4,
}: JobWorkerOptions): Promise<JobWorker> {
  const leases = createWorkerLeases(pool, log);
  const runner = await run({
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    logger: quiet,
    taskList: toTaskList(handlers, log),
    preset: { plugins: [leases.plugin], worker: toBatching(concurrency) },
    pollInterval: 1_000,
  });
  return {
    stop: async () => {
      leases.abandon();
      await runner.stop();
      await leases.release();
    },
  };
}

/**
 * Under load, one statement takes and one ends several jobs; a lone job is taken as soon as it is there. One job more
 * than run at a time waits in this process, so that nothing another process could do is kept from it for long.
 */
function toBatching(concurrency: number): GraphileConfig.WorkerOptions {
  return { localQueue: { size: concurrency + 1 }, completeJobBatchDelay: 5 };
}

function toTaskList(handlers: JobHandlers, log: Log): TaskList {
  return Object.fromEntries(
    Object.entries(handlers).map(([task, handle]) => [
      task,
      async (payload: unknown, { job }: JobHelpers) => {
        try {
          await handle(payload);
        } catch (error) {
          const isLast = job.attempts >= job.max_attempts;
          log[isLast ? 'error' : 'warn']({ task, jobId: job.id, attempt: job.attempts, error }, 'job failed');
          throw new Error(error instanceof Error ? error.name : 'job failed');
        }
      },
    ]),
  );
}
