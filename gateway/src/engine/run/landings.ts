/** Tells those who wait for a fetch of the plan when its answer has been merged. */
export class Landings {
  readonly #waits = new Map<string, PromiseWithResolvers<void>>();

  land(id: string): void {
    this.#waitFor(id).resolve();
  }

  /** Settles when all of these have landed. */
  async until(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#waitFor(id).promise));
  }

  #waitFor(id: string): PromiseWithResolvers<void> {
    const wait = this.#waits.get(id) ?? Promise.withResolvers<void>();
    this.#waits.set(id, wait);
    return wait;
  }
}
