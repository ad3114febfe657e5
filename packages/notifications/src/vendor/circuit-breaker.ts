import type { Channel } from '@suvidha/notification-templates';
import { VendorError } from './vendor.error.ts';
import type { Vendor } from './vendor.ts';

/** After so many failures in a row a vendor is left alone. */
const threshold = 5;
/** For so long; then one call may try. */
const openMs = 30_000;

/** A vendor that is spared while it fails: its calls end `NOT_SENT` at once, so that the next vendor has its turn. */
export function withCircuitBreaker<C extends Channel>(vendor: Vendor<C>, now: () => Date): Vendor<C> {
  const circuit = new Circuit(now);
  return {
    ...vendor,
    send: async (message) => {
      if (!circuit.mayTry()) throw new VendorError('NOT_SENT', `${vendor.name}_CIRCUIT_OPEN`);
      try {
        const id = await vendor.send(message);
        circuit.succeed();
        return id;
      } catch (error) {
        if (isVendorAtFault(error)) circuit.fail();
        else circuit.succeed();
        throw error;
      }
    },
  };
}

/** A vendor that refuses one destination works. */
function isVendorAtFault(error: unknown): boolean {
  return !(error instanceof VendorError) || error.outcome === 'NOT_SENT' || error.outcome === 'UNKNOWN';
}

class Circuit {
  readonly #now: () => Date;
  #failures = 0;
  #openUntil = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Where the circuit has been open long enough, this lets one call pass and the others wait for its outcome. */
  mayTry(): boolean {
    if (this.#failures < threshold) return true;
    const now = this.#now().getTime();
    if (now < this.#openUntil) return false;
    this.#openUntil = now + openMs;
    return true;
  }

  succeed(): void {
    this.#failures = 0;
  }

  fail(): void {
    this.#failures += 1;
    this.#openUntil = this.#now().getTime() + openMs;
  }
}
