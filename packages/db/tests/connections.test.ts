import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureDatabase, withAdvisoryLock } from '../src/index.ts';
import { openPool, type Server, startServer } from './fixture/catalog.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('createPool', () => {
  it('opens sessions in UTC over a Unix socket', async () => {
    await using pool = openPool(server.url('postgres'));
    const { rows } = await pool.query(
      `SELECT current_setting('TimeZone') AS zone, inet_client_addr() AS address`,
    );
    expect(rows).toEqual([{ zone: 'UTC', address: null }]);
  });

  it('survives the loss of an idle connection', async () => {
    await using pool = openPool(server.url('postgres'));
    await using other = openPool(server.url('postgres'));
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const lost = once(pool, 'error');
    await other.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await lost;
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('ensureDatabase', () => {
  it('creates a database once, whatever its name, when many ask at once', async () => {
    const name = 'Büro "A" – 1';
    await Promise.all([1, 2, 3, 4].map(() => ensureDatabase(server.url(name))));
    await ensureDatabase(server.url(name));
    await using pool = openPool(server.url(name));
    expect((await pool.query('SELECT current_database() AS name')).rows).toEqual([{ name }]);
  });
});

describe('withAdvisoryLock', () => {
  it('lets one at a time in under the same name, also after one failed', async () => {
    await using pool = openPool(server.url('postgres'));
    const order: string[] = [];
    const isHeld = Promise.withResolvers<void>();
    const mayFail = Promise.withResolvers<void>();
    const first = withAdvisoryLock(pool, 'turnstile', async () => {
      isHeld.resolve();
      await mayFail.promise;
      order.push('first');
      throw new Error('inside');
    });
    await isHeld.promise;
    const second = withAdvisoryLock(pool, 'turnstile', async () => order.push('second'));
    const countWaiting = `SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
    await expect.poll(async () => (await pool.query(countWaiting)).rows).toEqual([{ waiting: 1 }]);
    await withAdvisoryLock(pool, 'another', async () => order.push('another'));
    mayFail.resolve();
    await expect(first).rejects.toThrow('inside');
    await second;
    expect(order).toEqual(['another', 'first', 'second']);
  });

  it('is free again when its holder dies', async () => {
    await using holder = openPool(server.url('postgres'));
    await using other = openPool(server.url('postgres'));
    const isHeld = Promise.withResolvers<void>();
    const isTaken = Promise.withResolvers<void>();
    const first = withAdvisoryLock(holder, 'mortal', async () => {
      isHeld.resolve();
      await isTaken.promise;
    });
    first.catch(() => undefined);
    await isHeld.promise;
    const second = withAdvisoryLock(other, 'mortal', async () => 'taken');
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND application_name = 'db-tests'`,
    );
    expect(await second).toBe('taken');
    isTaken.resolve();
    await expect(first).rejects.toThrow();
  });
});
