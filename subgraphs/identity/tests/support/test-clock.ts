/** A clock that moves only when it is told to. */
export class TestClock {
  #now = Date.now();

  readonly now = (): Date => new Date(this.#now);

  advance(durationMs: number): void {
    this.#now += durationMs;
  }
}
