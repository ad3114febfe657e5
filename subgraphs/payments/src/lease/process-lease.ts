import { uuidv7 } from '@suvidha/db';
import type { Log } from '@suvidha/log';
import type { Pool, PoolClient } from 'pg';

/** First key of the advisory locks that say which processes live. */
const leaseClass = 0x706179;

/**
 * Says whether the process that claimed something still lives: as long as a database session holds its advisory lock,
 * and the lock goes with the process, however it ends.
 */
export class ProcessLease {
  readonly id = uuidv7();
  readonly #pool: Pool;
  readonly #log: Log;
  #client: Promise<PoolClient> | undefined;

  constructor(pool: Pool, log: Log) {
    this.#pool = pool;
    this.#log = log;
  }

  /** Takes the lease unless it is held. Call it before claiming anything under {@link id}. */
  async hold(): Promise<void> {
    this.#client ??= this.#take();
    await this.#client.catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
  }

  /** Whether nobody holds the lease of this process any more. */
  async isDead(id: string): Promise<boolean> {
    const { rows } = await this.#pool.query<{ isDead: boolean }>(
      'select pg_try_advisory_xact_lock($1, hashtext($2)) as "isDead"',
      [leaseClass, id],
    );
    return rows[0]?.isDead ?? false;
  }

  async release(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    client?.release(true);
  }

  async #take(): Promise<PoolClient> {
    const client = await this.#pool.connect();
    try {
      await client.query('select pg_advisory_lock_shared($1, hashtext($2))', [leaseClass, this.id]);
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.once('error', (error) => this.#onLost(client, error));
    return client;
  }

  #onLost(client: PoolClient, error: Error): void {
    this.#log.warn({ error }, 'the lease of this process was lost');
    this.#client = undefined;
    client.release(true);
  }
}
