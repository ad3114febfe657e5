import { createPool, runMigrations, withAdvisoryLock } from '@suvidha/db';
import { migrateJobs } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import type { Pool } from 'pg';

export interface DatabaseOptions {
  readonly url: string;
  /** Folder of Prisma migrations. */
  readonly migrationsDirectory: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly log: Log;
}

export interface Database {
  readonly pool: Pool;
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/** Connects and brings the schema up to date; several processes may do so at once. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, migrationsDirectory, applicationName, log } = options;
  const pool = createPool(url, { applicationName, max: 12, log });
  await runMigrations({ url, migrationsDirectory, log });
  await withAdvisoryLock(pool, 'job-migrations', () => migrateJobs(pool));
  return {
    pool,
    isReachable: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    close: () => pool.end(),
  };
}
