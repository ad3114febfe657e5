import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@suvidha/log';
import type { Pool, PoolClient } from 'pg';

/** First key of the advisory locks that say which worker pools live. */
const leaseClass = 0x6a6f62;
const sweepIntervalMs = 1_000;
const retryMs = 250;
const outcomePollMs = 10;
const outcomeDeadlineMs = 5_000;

export interface WorkerLeases {
  /** Makes graphile-worker wait for the lease before it takes a first job. */
  readonly plugin: GraphileConfig.Plugin;
  /** Stops waiting for a lease that cannot be had: the worker is about to stop. */
  abandon(): void;
  /** Gives the lease up. No job may be in hand any more. */
  release(): Promise<void>;
}

/**
 * A worker pool, by whose id graphile-worker locks jobs, lives as long as a database session holds its advisory
 * lock; the lock goes with the process. A sweep frees the jobs of pools whose lock nobody holds.
 */
export function createWorkerLeases(pool: Pool, log: Log): WorkerLeases {
  const session = new LeaseSession(pool, log);
  const sweep = new Sweep(pool);
  let sweeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = session
      .renew()
      .then(() => sweep.run(session.poolId))
      .catch((error: unknown) => log.warn({ error }, 'could not sweep for jobs of dead workers'));
  }, sweepIntervalMs);
  return {
    plugin: {
      name: 'WorkerLeasePlugin',
      worker: { hooks: { startWorker: (_ctx, { worker }) => session.hold(worker.workerPool.id) } },
    },
    abandon: () => session.abandon(),
    release: async () => {
      clearInterval(timer);
      await sweeping;
      await outcomesStored(pool, session.poolId, log);
      session.drop();
    },
  };
}

/**
 * graphile-worker calls itself stopped while the outcomes of its last jobs are still on their way to the database.
 * Leaving before they are there would run those jobs once more.
 */
async function outcomesStored(pool: Pool, poolId: string | undefined, log: Log): Promise<void> {
  if (poolId === undefined) return;
  const query = 'select from graphile_worker._private_jobs where locked_by = $1 limit 1';
  const deadline = Date.now() + outcomeDeadlineMs;
  try {
    while ((await pool.query(query, [poolId])).rowCount !== 0 && Date.now() < deadline) {
      await delay(outcomePollMs);
    }
  } catch (error) {
    log.warn({ error }, 'could not wait for the outcomes of the last jobs');
  }
}

/** The connection that holds the lock of this process's worker pool, made anew when it was lost. */
class LeaseSession {
  readonly #pool: Pool;
  readonly #log: Log;
  readonly #abandoned = new AbortController();
  #poolId: string | undefined;
  #client: PoolClient | undefined;
  /** Attempts to take the lock run one after the other. */
  #turn: Promise<boolean> = Promise.resolve(false);

  constructor(pool: Pool, log: Log) {
    this.#pool = pool;
    this.#log = log;
  }

  get poolId(): string | undefined {
    return this.#poolId;
  }

  /** Resolves when the lock is held, however long that takes, or when waiting was abandoned. */
  async hold(poolId: string): Promise<void> {
    this.#poolId = poolId;
    const { signal } = this.#abandoned;
    while (!signal.aborted && !(await this.renew())) await delay(retryMs);
  }

  /** Takes the lock unless it is held. @returns whether it is held now. */
  renew(): Promise<boolean> {
    this.#turn = this.#turn
      .then(() => this.#take())
      .catch((error: unknown) => {
        this.#log.warn({ error }, 'could not hold the lease of the job worker');
        return false;
      });
    return this.#turn;
  }

  abandon(): void {
    this.#abandoned.abort();
  }

  drop(): void {
    this.#client?.release(true);
    this.#client = undefined;
  }

  async #take(): Promise<boolean> {
    if (this.#poolId === undefined) return false;
    if (this.#client) return true;
    const client = await this.#pool.connect();
    try {
      await client.query('select pg_advisory_lock_shared($1, hashtext($2))', [leaseClass, this.#poolId]);
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.once('error', () => this.#onLost(client));
    this.#client = client;
    return true;
  }

  #onLost(client: PoolClient): void {
    if (this.#client !== client) return;
    this.drop();
    void this.renew();
  }
}

/**
 * Frees the jobs of dead worker pools. A pool must look dead in two sweeps in a row: one that lives and has lost
 * its connection, as when the database restarts, has its lock back by then.
 */
class Sweep {
  readonly #pool: Pool;
  #suspects: ReadonlySet<string> = new Set();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async run(ownPoolId: string | undefined): Promise<void> {
    const { rows } = await this.#pool.query<{ id: string; isDead: boolean }>(
      `select id, pg_try_advisory_xact_lock($1, hashtext(id)) as "isDead" from
         (select distinct locked_by as id from graphile_worker._private_jobs
           where locked_by is not null and locked_by is distinct from $2 offset 0) as owner`,
      [leaseClass, ownPoolId],
    );
    const dead = rows.filter(({ isDead }) => isDead).map(({ id }) => id);
    for (const id of dead) if (this.#suspects.has(id)) await this.#free(id);
    this.#suspects = new Set(dead);
  }

  /** The lock is taken and given back in one statement's transaction, so nobody takes it for a sign of life for long. */
  async #free(poolId: string): Promise<void> {
    await this.#pool.query(
      `select graphile_worker.force_unlock_workers(array[$2::text])
         from (select pg_try_advisory_xact_lock($1, hashtext($2)) as is_dead) lease where is_dead`,
      [leaseClass, poolId],
    );
  }
}
