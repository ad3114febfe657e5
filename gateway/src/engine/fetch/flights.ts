import { Cancellation, type CancelSignal } from './cancellation.ts';
import { type LimitedWork, runWithinLimits, type Wait, type WaitingContext } from './limits.ts';

/**
 * Counts what may have changed the data. Work that began before a mutation ended is not joined after it, so that a
 * client never reads what was there before its own write.
 */
export class Epoch {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  advance(): void {
    this.#count += 1;
  }
}

/** Work in flight by key: whoever needs the same joins it. */
export class Flights<T> {
  readonly #inFlight = new Map<string, Flight<T>>();
  readonly #copy: (value: T) => T;

  /** @param copy makes a value of its own for each one that joins; the first gets the value itself. */
  constructor(copy: (value: T) => T) {
    this.#copy = copy;
  }

  /**
   * Joins the work under the key, or begins it. Each waits within the limits of its own context; the work is aborted when
   * the last has stopped waiting.
   */
  join(key: string, context: WaitingContext, begin: (signal: CancelSignal) => Promise<T>): Promise<T> {
    let flight = this.#inFlight.get(key);
    if (!flight) {
      flight = new Flight(this.#inFlight, key, this.#copy);
      flight.takeOff(begin);
    }
    return runWithinLimits(context, Number.POSITIVE_INFINITY, flight);
  }
}

class Flight<T> implements LimitedWork<T> {
  readonly #inFlight: Map<string, Flight<T>>;
  readonly #key: string;
  readonly #copy: (value: T) => T;
  readonly #cancellation = new Cancellation();
  readonly #waits: Wait<T>[] = [];
  #givenUp = 0;

  constructor(inFlight: Map<string, Flight<T>>, key: string, copy: (value: T) => T) {
    this.#inFlight = inFlight;
    this.#key = key;
    this.#copy = copy;
  }

  takeOff(begin: (signal: CancelSignal) => Promise<T>): void {
    this.#inFlight.set(this.#key, this);
    begin(this.#cancellation).then(
      (value) => this.#deliver(value),
      (cause: unknown) => this.#failAll(cause),
    );
  }

  start(wait: Wait<T>): void {
    this.#waits.push(wait);
  }

  /** One of those who wait has given up; its wait has already ended, so an answer that still comes does no harm. */
  cancel(): void {
    this.#givenUp += 1;
    if (this.#givenUp < this.#waits.length) return;
    this.#land();
    this.#cancellation.abort();
  }

  /** Copies are made before anyone has the value, because whoever gets it may write into it. */
  #deliver(value: T): void {
    const [first, ...others] = this.#land();
    const copies = others.map(() => this.#copy(value));
    first?.settle(value);
    for (const [index, wait] of others.entries()) wait.settle(copies[index] as T);
  }

  #failAll(cause: unknown): void {
    for (const wait of this.#land()) wait.fail(cause);
  }

  /**
   * Leaves the table and lets go of those who wait. Tables of a `Map` that it has grown out of keep their entries until
   * the next full collection: a landed flight must not hold on to answers with them.
   */
  #land(): Wait<T>[] {
    if (this.#inFlight.get(this.#key) === this) this.#inFlight.delete(this.#key);
    return this.#waits.splice(0);
  }
}
