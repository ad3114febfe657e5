import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDb } from '../../../subgraphs/payments/src/db.ts';
import { addJob, listDeadJobs, replayDeadJobs } from '../src/index.ts';
import { addTestJob, createJobDatabase, openPool, startWorker, type WatchedPool } from './jobs.fixture.ts';

let url: string;

beforeAll(async () => {
  url = await createJobDatabase();
});

afterEach(async () => {
  await using watched = openPool(url);
  await watched.pool.query('delete from graphile_worker._private_jobs');
});

const countJobs = async ({ pool }: WatchedPool): Promise<number> => {
  const { rows } = await pool.query('select count(*)::int as count from graphile_worker.jobs');
  return rows[0].count;
};

/** Any generated client serves: jobs are added by raw SQL. */
async function openDb() {
  const watched = openPool(url);
  const db = createDb(watched.pool);
  return {
    ...watched,
    db,
    [Symbol.asyncDispose]: async () => {
      await db.$disconnect();
      await watched.pool.end();
    },
  };
}

describe('addJob', () => {
  it('is there if and only if the transaction commits', async () => {
    await using open = await openDb();
    const rolledBack = open.db.$transaction(async (tx) => {
      await addJob(tx, 'note', { kept: false });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(await countJobs(open)).toBe(0);

    await open.db.$transaction((tx) => addJob(tx, 'note', { kept: true }));
    const { promise, resolve } = Promise.withResolvers<unknown>();
    await using _worker = await startWorker(open.pool, { note: async (payload) => resolve(payload) });
    expect(await promise).toEqual({ kept: true });
  });

  it('is one job per key: the newest payload and time win', async () => {
    await using open = await openDb();
    const tomorrow = new Date(Date.now() + 86_400_000);
    await addJob(open.db, 'note', { text: 'first' }, { key: 'k', runAt: tomorrow });
    await addJob(open.db, 'note', { text: 'second' }, { key: 'k' });
    expect(await countJobs(open)).toBe(1);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    await using _worker = await startWorker(open.pool, { note: async (payload) => resolve(payload) });
    expect(await promise).toEqual({ text: 'second' });
  });

  it('waits until its time', async () => {
    await using open = await openDb();
    await addJob(open.db, 'note', { text: 'later' }, { runAt: new Date(Date.now() + 86_400_000) });
    await addJob(open.db, 'note', { text: 'now' });
    const seen: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const note = async (payload: unknown) => {
      seen.push(payload);
      resolve();
    };
    {
      await using _worker = await startWorker(open.pool, { note });
      await promise;
    }
    expect(seen).toEqual([{ text: 'now' }]);
    expect(await countJobs(open)).toBe(1);
  });
});

describe('a job that fails', () => {
  it('stays for another try, and its error text stays out of the database', async () => {
    await using open = await openDb();
    const id = await addTestJob(open.pool, 'broken');
    await runOnce(open, { broken: async () => Promise.reject(new TypeError('card 4111111111111111')) });
    const { rows } = await open.pool.query(
      'select attempts, last_error as "lastError", run_at > now() as "isDelayed" from graphile_worker.jobs where id = $1',
      [id],
    );
    expect(rows).toEqual([{ attempts: 1, lastError: 'TypeError', isDelayed: true }]);
    expect(await listDeadJobs(open.pool)).toEqual([]);
  });

  it('is a dead letter after its last attempt, and runs again when it is replayed', async () => {
    await using open = await openDb();
    const id = await addTestJob(open.pool, 'broken', 1);
    await runOnce(open, { broken: async () => Promise.reject(new Error('no')) });
    expect(await listDeadJobs(open.pool)).toEqual([
      { id, task: 'broken', attempts: 1, failedAt: expect.any(Date) },
    ]);

    const { promise, resolve } = Promise.withResolvers<void>();
    await using _worker = await startWorker(open.pool, { broken: async () => resolve() });
    await replayDeadJobs(open.pool, [id]);
    await promise;
    expect(await listDeadJobs(open.pool)).toEqual([]);
  });
});

describe('stop', () => {
  it('finishes the jobs in hand and takes no more', async () => {
    await using open = await openDb();
    const order: string[] = [];
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    await addTestJob(open.pool, 'long');
    const { worker } = await startWorker(open.pool, {
      long: async () => {
        start();
        await end;
        order.push('job done');
      },
    });
    await started;
    const stopped = worker.stop().then(() => order.push('stopped'));
    finish();
    await stopped;
    await addTestJob(open.pool, 'long');
    expect(order).toEqual(['job done', 'stopped']);
    expect(await countJobs(open)).toBe(1);
  });

  it('has the outcomes of the last jobs stored, however slow the database is', async () => {
    await using open = await openDb();
    await using _slow = await slowDeletes(open);
    await addTestJob(open.pool, 'quick');
    await runOnce(open, { quick: async () => undefined });
    expect(await countJobs(open)).toBe(0);
  });
});

/** Every deletion of a job takes a while, until disposed. */
async function slowDeletes({ pool }: WatchedPool): Promise<AsyncDisposable> {
  await pool.query(`
    create function slow_down() returns trigger language plpgsql as
      $$ begin perform pg_sleep(0.3); return old; end $$;
    create trigger slow before delete on graphile_worker._private_jobs for each row execute function slow_down()`);
  return {
    [Symbol.asyncDispose]: async () => {
      await pool.query('drop function slow_down() cascade');
    },
  };
}

/** Runs a worker until its handler has been called once and the outcome is recorded. */
async function runOnce({ pool }: WatchedPool, handlers: Record<string, () => Promise<void>>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watched = Object.entries(handlers).map(([task, handle]) => [
    task,
    () => {
      resolve();
      return handle();
    },
  ]);
  await using _worker = await startWorker(pool, Object.fromEntries(watched));
  await promise;
}
