const LEAST = 8;
const MOST = 10_000;
/** With less of its time idle than this, the processor is taken to be fully used. */
const SPARE_SHARE = 0.1;
const SHRINK_FACTOR = 0.98;

/** How many operations may be under way at a time, following how much of its time the processor was idle. */
export class ConcurrencyLimit {
  #limit = LEAST;

  get value(): number {
    return this.#limit;
  }

  /** Takes a look at the last few milliseconds. @param idleShare from 0 (no time to spare) to 1 (nothing to do). */
  adapt(idleShare: number): void {
    const wanted =
      idleShare > SPARE_SHARE
        ? Math.ceil(this.#limit * (1 + idleShare))
        : Math.floor(this.#limit * SHRINK_FACTOR);
    this.#limit = Math.min(Math.max(wanted, LEAST), MOST);
  }
}
