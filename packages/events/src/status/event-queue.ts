/** A bounded queue read as an async iterator; `return()` ends it at once, also while `next()` waits. */
export class EventQueue<T> implements AsyncIterableIterator<T> {
  readonly #capacity: number;
  readonly #onEnd: () => void;
  readonly #items: T[] = [];
  #waiting: PromiseWithResolvers<IteratorResult<T>>[] = [];
  #failure: { readonly error: unknown } | undefined;
  #isDone = false;

  /** @param onEnd called once, when the reader leaves or the queue fails. */
  constructor(options: { capacity: number; onEnd: () => void }) {
    this.#capacity = options.capacity;
    this.#onEnd = options.onEnd;
  }

  /** @returns false when the reader is too slow and the queue is full. */
  push(item: T): boolean {
    if (this.#isDone) return true;
    const reader = this.#waiting.shift();
    if (reader) {
      reader.resolve({ value: item, done: false });
      return true;
    }
    if (this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    return true;
  }

  /** Ends with an error, after what is queued has been read. */
  fail(error: unknown): void {
    if (this.#isDone) return;
    this.#end();
    const reader = this.#waiting.shift();
    if (reader) reader.reject(error);
    else this.#failure = { error };
    this.#releaseReaders();
  }

  async next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (item !== undefined) return { value: item, done: false };
    const failure = this.#failure;
    if (failure) {
      this.#failure = undefined;
      throw failure.error;
    }
    if (this.#isDone) return { value: undefined, done: true };
    const reader = Promise.withResolvers<IteratorResult<T>>();
    this.#waiting.push(reader);
    return reader.promise;
  }

  async return(): Promise<IteratorResult<T>> {
    this.#items.length = 0;
    this.#failure = undefined;
    this.#end();
    this.#releaseReaders();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#onEnd();
  }

  #releaseReaders(): void {
    for (const reader of this.#waiting) reader.resolve({ value: undefined, done: true });
    this.#waiting = [];
  }
}
