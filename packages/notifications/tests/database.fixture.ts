import { createLog } from '@suvidha/log';
import { openDatabase } from '@suvidha/subgraph';
import { createTestDatabase } from '@suvidha/testing';
import type { Pool } from 'pg';
import { createDb } from '../../../subgraphs/identity/src/db.ts';

export type Db = ReturnType<typeof createDb>;

export const log = createLog({ service: 'test', level: 'silent' });

/** A database with the tables that messages need, and jobs: that of identity. */
export interface NotificationDatabase extends AsyncDisposable {
  readonly url: string;
  readonly db: Db;
  readonly pool: Pool;
}

export async function createNotificationDatabase(): Promise<NotificationDatabase> {
  return openNotificationDatabase(await createTestDatabase());
}

export async function openNotificationDatabase(url: string): Promise<NotificationDatabase> {
  const migrationsDirectory = new URL('../../../prisma/identity/migrations', import.meta.url).pathname;
  const database = await openDatabase({ url, migrationsDirectory, applicationName: 'test', log });
  const db = createDb(database.pool);
  return {
    url,
    db,
    pool: database.pool,
    [Symbol.asyncDispose]: async () => {
      await db.$disconnect();
      await database.close();
    },
  };
}
