import type { SqlClient } from '@suvidha/db';
import { addJob, type JobHandlers } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import type { DataKeys } from '../keys/data-keys.ts';
import type { FileSweeper } from './file-sweeper.ts';

const sweepTask = 'sweep-files';
const purgeTask = 'purge-files';
const rotateTask = 'rotate-file-keys';
const sweepIntervalMs = 3_600_000;

export interface FileJobParts {
  readonly sql: SqlClient;
  readonly sweeper: FileSweeper;
  readonly keys: DataKeys;
  readonly log: Log;
  readonly now: () => Date;
}

export function createFileJobs({ sql, sweeper, keys, log, now }: FileJobParts): JobHandlers {
  return {
    [sweepTask]: async () => {
      await sweeper.sweep();
      const runAt = new Date(now().getTime() + sweepIntervalMs);
      await addJob(sql, sweepTask, {}, { key: sweepTask, runAt });
    },
    [purgeTask]: () => sweeper.purge(),
    [rotateTask]: async () => {
      const count = await keys.rotate();
      if (count > 0) log.info({ count }, 'file keys were wrapped with the current master key');
    },
  };
}

/** Has the objects of deleted files removed once the caller's transaction has committed. */
export function addPurgeJob(tx: SqlClient): Promise<void> {
  return addJob(tx, purgeTask, {}, { key: purgeTask });
}

/** Begins the hourly sweep, and wraps the keys of older master keys anew. Called at each start of a process. */
export async function startFileJobs(sql: SqlClient): Promise<void> {
  await addJob(sql, sweepTask, {}, { key: sweepTask });
  await addJob(sql, rotateTask, {}, { key: rotateTask });
}
