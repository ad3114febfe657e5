import { runMigrations } from 'graphile-worker';
import type { Pool } from 'pg';
import { quiet } from './quiet-logger.ts';

/** Installs or upgrades the job tables. The caller holds the migration lock of the database. */
export async function migrateJobs(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: quiet });
}
