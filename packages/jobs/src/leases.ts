import { EventEmitter } from 'node:events';
import type { Log } from '@suvidha/log';
import type { WorkerEvents } from 'graphile-worker';
import type { Pool, PoolClient } from 'pg';

/** First key of the advisory locks that say which workers live. */
const leaseClass = 0x6a6f62;
const sweepIntervalMs = 2_000;

export interface WorkerLeases {
  readonly events: WorkerEvents;
  release(): Promise<void>;
}

/**
 * A worker lives as long as a database session holds its advisory lock; the lock goes with the process. A sweep
 * frees the jobs of workers whose lock nobody holds.
 */
export async function holdWorkerLeases(pool: Pool, log: Log): Promise<WorkerLeases> {
  const events = new EventEmitter() as WorkerEvents;
  const workerIds = new Set<string>();
  const session = new LeaseSession(pool);
  let turn = session.hold(workerIds);
  await turn;
  const renew = (): Promise<void> => {
    turn = turn
      .then(() => session.hold(workerIds))
      .catch((error: unknown) => {
        session.drop();
        log.warn({ error }, 'could not hold the leases of job workers');
      });
    return turn;
  };
  events.on('worker:create', ({ worker }) => {
    workerIds.add(worker.workerId);
    void renew();
  });
  const timer = setInterval(() => {
    void renew()
      .then(() => freeJobsOfDeadWorkers(pool, [...workerIds]))
      .catch((error: unknown) => log.warn({ error }, 'could not sweep for jobs of dead workers'));
  }, sweepIntervalMs);
  return {
    events,
    release: async () => {
      clearInterval(timer);
      await turn;
      session.drop();
    },
  };
}

/** One connection that holds the locks of this process's workers, made anew when it was lost. */
class LeaseSession {
  readonly #pool: Pool;
  readonly #held = new Set<string>();
  #client: PoolClient | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Takes the locks that are not held yet, one after the other. */
  async hold(workerIds: ReadonlySet<string>): Promise<void> {
    const client = this.#client ?? (await this.#connect());
    for (const workerId of workerIds) {
      if (this.#held.has(workerId)) continue;
      this.#held.add(workerId);
      await client.query('select pg_advisory_lock_shared($1, hashtext($2))', [leaseClass, workerId]);
    }
  }

  drop(): void {
    this.#client?.release(true);
    this.#client = undefined;
    this.#held.clear();
  }

  async #connect(): Promise<PoolClient> {
    const client = await this.#pool.connect();
    client.once('error', () => {
      if (this.#client === client) this.drop();
    });
    this.#client = client;
    return client;
  }
}

async function freeJobsOfDeadWorkers(pool: Pool, ownWorkerIds: readonly string[]): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `select distinct locked_by as id from graphile_worker._private_jobs
      where locked_by is not null and locked_at < now() - interval '1 second' and locked_by <> all($1)`,
    [ownWorkerIds],
  );
  for (const { id } of rows) await freeIfDead(pool, id);
}

/** The lock is taken and given back in one statement's transaction, so two sweeps cannot mistake each other for life. */
async function freeIfDead(pool: Pool, workerId: string): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array[$2::text])
       from (select pg_try_advisory_xact_lock($1, hashtext($2)) as is_dead) lease where is_dead`,
    [leaseClass, workerId],
  );
}
