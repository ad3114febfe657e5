/**
 * Maps an event stream. Unlike an async generator it ends at once when its reader leaves, also while it waits.
 *
 * @param toLast what the last event of a stream that breaks is. Default: the reader gets the error.
 */
export function mapEvents<In, Out>(
  source: AsyncIterableIterator<In>,
  map: (value: In) => Out,
  toLast?: (error: unknown) => Out,
): AsyncIterableIterator<Out> {
  return new MappedEvents(source, map, toLast);
}

/** There is one for each subscriber, for a long time: an object, as closures would take more memory. */
class MappedEvents<In, Out> implements AsyncIterableIterator<Out> {
  readonly #source: AsyncIterableIterator<In>;
  readonly #map: (value: In) => Out;
  readonly #toLast: ((error: unknown) => Out) | undefined;
  #isBroken = false;

  constructor(
    source: AsyncIterableIterator<In>,
    map: (value: In) => Out,
    toLast: ((error: unknown) => Out) | undefined,
  ) {
    this.#source = source;
    this.#map = map;
    this.#toLast = toLast;
  }

  async next(): Promise<IteratorResult<Out>> {
    if (this.#isBroken) return { value: undefined, done: true };
    try {
      const { value, done } = await this.#source.next();
      return done ? { value: undefined, done } : { value: this.#map(value), done: false };
    } catch (error) {
      if (!this.#toLast) throw error;
      this.#isBroken = true;
      return { value: this.#toLast(error), done: false };
    }
  }

  async return(): Promise<IteratorResult<Out>> {
    await this.#source.return?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
