interface Entry<Value> {
  readonly value: Value;
  readonly weight: number;
}

/** A map bounded by the sum of its entries' weights: when too heavy, the entries unused for longest leave. */
export class LruCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #maxWeight: number;
  #weight = 0;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  find(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps the value, also when it alone is heavier than the whole cache may be. */
  set(key: string, value: Value, weight = 1): void {
    this.#remove(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#weight + weight <= this.#maxWeight) break;
      this.#remove(oldest);
    }
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
  }

  #remove(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
