import type { Pool } from 'pg';

/**
 * Runs `fn` while no other process runs one under the same name on this database, waiting for its turn. The lock belongs
 * to a connection of its own and ends with it, so a process that is killed blocks nobody. `fn` may use the pool, which
 * must then allow more than one connection. Needs a direct connection: a pooler in transaction mode breaks it.
 */
export async function withAdvisoryLock<T>(pool: Pool, name: string, fn: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = true;
  const ignore = () => undefined;
  // The loss of the connection shows when we unlock; until then it must not end the process.
  client.on('error', ignore);
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const result = await fn();
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    isBroken = false;
    return result;
  } finally {
    client.off('error', ignore);
    // After a failure the connection is closed, which frees the lock.
    client.release(isBroken);
  }
}
