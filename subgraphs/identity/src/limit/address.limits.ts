import { UserError, UserErrorCode } from '@suvidha/errors';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type { RateLimiter } from './rate-limiter.ts';

const hourMs = 3_600_000;

export interface AddressLimitOptions {
  readonly limiter: RateLimiter;
  /** Messages that one IP address may have sent within an hour. */
  readonly messagesPerHour: number;
  /** Proofs (codes, passwords, links) that one IP address may present within an hour. */
  readonly attemptsPerHour: number;
}

/** What one IP address may do, whichever accounts it names. Where no address is known, nothing is counted. */
export class AddressLimits {
  readonly #options: AddressLimitOptions;

  constructor(options: AddressLimitOptions) {
    this.#options = options;
  }

  /** @throws UserError RATE_LIMITED. */
  countMessage(db: Db, caller: SubgraphContext): Promise<void> {
    return this.#count(db, caller, { name: 'address-messages', limit: this.#options.messagesPerHour });
  }

  /** @throws UserError RATE_LIMITED. */
  countAttempt(db: Db, caller: SubgraphContext): Promise<void> {
    return this.#count(db, caller, { name: 'address-attempts', limit: this.#options.attemptsPerHour });
  }

  async #count(
    db: Db,
    { client: { address } }: SubgraphContext,
    limit: { name: string; limit: number },
  ): Promise<void> {
    if (address === undefined) return;
    if (await this.#options.limiter.count(db, { ...limit, windowMs: hourMs }, address)) return;
    throw new UserError(
      UserErrorCode.RATE_LIMITED,
      'Too many requests from your network: try again in an hour.',
    );
  }
}
