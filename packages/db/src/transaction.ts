import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isConflict } from './driver-error.ts';

/** PostgreSQL's default is `ReadCommitted`. */
export type IsolationLevel = 'ReadCommitted' | 'RepeatableRead' | 'Serializable';

/** What a Prisma client of any schema offers; `Tx` is its transaction client. */
export interface TransactionHost<Tx> {
  $transaction<R>(
    fn: (tx: Tx) => Promise<R>,
    options?: { maxWait?: number; timeout?: number; isolationLevel?: IsolationLevel },
  ): Promise<R>;
}

export interface TransactionOptions {
  /** Default: the database's, which is `ReadCommitted`. */
  readonly isolation?: IsolationLevel;
}

const maxAttempts = 5;
/** The wait before attempt n + 1 is random up to this times 2ⁿ, so that the same two do not meet again. */
const backoffMs = 10;
/** For a free connection, and then for the closure: both guard against a stuck caller, neither is a target. */
const limits = { maxWait: 5_000, timeout: 10_000 };

/**
 * Runs the closure in a transaction. When the database ends it because of a conflict with another one (serialization
 * failure or deadlock), the whole closure runs anew, five times at most: so it must do nothing outside
 * the transaction. Any other error ends it at once.
 */
export async function transaction<Tx, R>(
  host: TransactionHost<Tx>,
  fn: (tx: Tx) => Promise<R>,
  { isolation }: TransactionOptions = {},
): Promise<R> {
  const options = isolation === undefined ? limits : { ...limits, isolationLevel: isolation };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await host.$transaction(fn, options);
    } catch (error) {
      if (!isConflict(error) || attempt === maxAttempts) throw error;
      await delay(randomInt(backoffMs * 2 ** attempt));
    }
  }
}
