import type { GatewayHealth } from '../payment-gateway.ts';
import { VendorError } from '../vendor.error.ts';

export interface CircuitOptions {
  /** Faults in a row after which no call goes out. Default 5. */
  readonly faults?: number;
  /** How long none goes out, in milliseconds; then one tries. Default 10 000. */
  readonly pauseMs?: number;
  /** Default: the system's clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Keeps calls from a vendor that only fails: it answers sooner, and others can be asked instead. After a pause one call
 * goes out as a probe; its outcome closes the circuit or opens it anew.
 */
export class CircuitBreaker {
  readonly #limit: number;
  readonly #pauseMs: number;
  readonly #now: () => number;
  #faults = 0;
  /** When the circuit opened; null while it is closed. */
  #openedAt: number | null = null;
  #isProbing = false;

  constructor({ faults = 5, pauseMs = 10_000, now = Date.now }: CircuitOptions = {}) {
    this.#limit = faults;
    this.#pauseMs = pauseMs;
    this.#now = now;
  }

  health(): GatewayHealth {
    if (this.#openedAt === null) return 'CLOSED';
    return this.#now() - this.#openedAt < this.#pauseMs ? 'OPEN' : 'HALF_OPEN';
  }

  /**
   * Does a vendor call, or refuses to.
   * @param isFault whether an error of the call speaks against the vendor.
   * @throws VendorError UNSENT while the circuit is open, or half open with a probe on its way.
   */
  async run<Answer>(call: () => Promise<Answer>, isFault: (error: unknown) => boolean): Promise<Answer> {
    const health = this.health();
    if (health === 'OPEN' || this.#isProbing) throw new VendorError('UNSENT', { vendorCode: 'CIRCUIT_OPEN' });
    this.#isProbing = health === 'HALF_OPEN';
    try {
      const answer = await call();
      this.#close();
      return answer;
    } catch (error) {
      if (isFault(error)) this.#countFault();
      else this.#close();
      throw error;
    } finally {
      this.#isProbing = false;
    }
  }

  #close(): void {
    this.#faults = 0;
    this.#openedAt = null;
  }

  #countFault(): void {
    this.#faults += 1;
    if (this.#faults >= this.#limit) this.#openedAt = this.#now();
  }
}
