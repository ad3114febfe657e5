import type { Log } from '@suvidha/log';
import { Pool } from 'pg';

export interface PoolOptions {
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Most connections at a time. */
  readonly max: number;
  /** Where a lost connection is reported. Without it the loss is silent; the pool replaces the connection either way. */
  readonly log?: Log;
}

const connectTimeoutMs = 10_000;

/**
 * Connections to one database. Its sessions run in UTC: Prisma's driver adapter sends and reads times without their zone
 * and takes them for UTC.
 *
 * @param url a `postgresql://` address; `?host=/folder` names the folder of a Unix socket
 */
export function createPool(url: string, { applicationName, max, log }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    options: '-c TimeZone=UTC',
  });
  // Without a listener, the end of an idle connection (the server restarts, say) would end the process.
  const report = (error: Error) => log?.warn({ error }, 'A database connection was lost');
  pool.on('error', report);
  // The pool listens to idle connections only; one that is lost while it is used also fails the query that uses it.
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}
