import type { Sealer } from '@suvidha/seal';
import type { Db } from '../db.ts';

/** How often something may be tried. */
export interface RateLimit {
  /** Keeps what is counted for one reason apart from what is counted for another. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

export interface RateLimiterDependencies {
  readonly sealer: Sealer;
  readonly now: () => Date;
}

/** Counts tries in the database, so that all instances count together and a restart forgets nothing. */
export class RateLimiter {
  readonly #sealer: Sealer;
  readonly #now: () => Date;

  constructor({ sealer, now }: RateLimiterDependencies) {
    this.#sealer = sealer;
    this.#now = now;
  }

  /**
   * Counts one try. Of tries at the same moment exactly as many pass as the limit has left.
   *
   * @param subject who or what is counted, such as an IP address; kept as a keyed hash
   * @returns whether the try is within the limit
   */
  async count(db: Db, { name, limit, windowMs }: RateLimit, subject: string): Promise<boolean> {
    const now = this.#now();
    const ends = new Date(now.getTime() + windowMs);
    const [row] = await db.$queryRaw<{ count: number }[]>`
      insert into rate_counter as counter (key, count, expires_at) values (${this.#key(name, subject)}, 1, ${ends})
      on conflict (key) do update set
        count = case when counter.expires_at <= ${now} then 1 else counter.count + 1 end,
        expires_at = case when counter.expires_at <= ${now} then excluded.expires_at else counter.expires_at end
      returning count`;
    return (row?.count ?? 0) <= limit;
  }

  /** Forgets what was counted: a try was right after all. */
  async forget(db: Db, { name }: RateLimit, subject: string): Promise<void> {
    await db.rateCounter.deleteMany({ where: { key: this.#key(name, subject) } });
  }

  #key(name: string, subject: string): string {
    return this.#sealer.keyedHash('rate-counter', `${name}:${subject}`);
  }
}
