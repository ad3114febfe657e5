import { once } from 'node:events';
import { Client } from 'pg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addTestJob, createJobDatabase, forkWorker, openPool, startWorker } from './jobs.fixture.ts';

let url: string;

beforeAll(async () => {
  url = await createJobDatabase();
});

afterEach(async () => {
  await using watched = openPool(url);
  await watched.pool.query('delete from graphile_worker._private_jobs');
});

/** A handler that counts its runs and ends when told. */
function createLongJob() {
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  const job = {
    runs: 0,
    started,
    finish,
    handler: async () => {
      job.runs += 1;
      start();
      await end;
    },
  };
  return job;
}

describe('a worker process killed with -9', () => {
  it('leaves its job to another worker', async () => {
    await using watched = openPool(url);
    await using doomed = await forkWorker(url);
    await addTestJob(watched.pool, 'stuck');
    await once(doomed, 'message');

    const { promise: takenOver, resolve } = Promise.withResolvers<void>();
    await using _survivor = await startWorker(watched.pool, { stuck: async () => resolve() });
    doomed.kill('SIGKILL');
    await takenOver;
  });
});

describe('a worker that lives', () => {
  it('keeps a job of another process however long it takes', async () => {
    await using watched = openPool(url);
    await using living = await forkWorker(url);
    const id = await addTestJob(watched.pool, 'stuck');
    await once(living, 'message');

    const taken: unknown[] = [];
    await using _other = await startWorker(watched.pool, { stuck: async (job) => void taken.push(job) });
    await watched.sweeps(3);
    const { rows } = await watched.pool.query(
      'select locked_by is not null as "isLocked" from graphile_worker._private_jobs where id = $1',
      [id],
    );
    expect({ taken, rows }).toEqual({ taken: [], rows: [{ isLocked: true }] });
  });

  it('keeps its own job through its own sweeps', async () => {
    await using watched = openPool(url);
    const job = createLongJob();
    await using _worker = await startWorker(watched.pool, { long: job.handler });
    await addTestJob(watched.pool, 'long');
    await job.started;
    await watched.sweeps(3);
    job.finish();
    expect(job.runs).toBe(1);
  });

  it('keeps its job when the database ends the session that holds its lease', async () => {
    await using mine = openPool(url);
    await using others = openPool(url);
    const job = createLongJob();
    await using _worker = await startWorker(mine.pool, { long: job.handler });
    await addTestJob(mine.pool, 'long');
    await job.started;
    await using _other = await startWorker(others.pool, { long: job.handler });
    const { rowCount } = await others.pool.query(
      `select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(rowCount).toBeGreaterThan(0);
    await others.sweeps(3);
    expect(job.runs).toBe(1);
    job.finish();
  });
});

describe('a worker just made', () => {
  it('takes no job before its lease is held', async () => {
    const lease = Promise.withResolvers<void>();
    using _delay = delayLeases(lease.promise);
    await using slow = openPool(url);
    await using quick = openPool(url);
    let isLeaseHeld = false;
    const heldAtStart: boolean[] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    await addTestJob(slow.pool, 'guarded');
    await using _guarded = await startWorker(slow.pool, {
      guarded: async () => {
        heldAtStart.push(isLeaseHeld);
        resolve();
      },
    });
    // Whoever did not wait for its lease would have taken the job long before these round trips are over.
    for (let trip = 0; trip < 50; trip += 1) await quick.pool.query('select 1');
    isLeaseHeld = true;
    lease.resolve();
    await done;
    expect(heldAtStart).toEqual([true]);
  });
});

/** Holds back every statement that takes a lease until `gate` opens. */
function delayLeases(gate: Promise<void>): Disposable {
  const original = Client.prototype.query;
  Client.prototype.query = function query(this: Client, ...args: unknown[]) {
    const run = () => Reflect.apply(original, this, args);
    return String(args[0]).includes('pg_advisory_lock_shared') ? gate.then(run) : run();
  } as typeof original;
  return {
    [Symbol.dispose]: () => {
      Client.prototype.query = original;
    },
  };
}
