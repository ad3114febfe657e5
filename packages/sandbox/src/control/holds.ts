import { type Point, points } from './calls.ts';

/** What is held ends here instead of continuing. */
export class HoldDropped extends Error {}

/** Points at which requests stop until somebody lets them go, and how many stand there. */
export class Holds {
  /** Switched-on points, each with what opens its gate. */
  private gates = new Map<Point, PromiseWithResolvers<void>>();
  private waiting = new Map<Point, number>();
  private arrivals = new Map<Point, PromiseWithResolvers<void>>();

  hold(point: Point): void {
    if (this.gates.has(point)) return;
    const gate = Promise.withResolvers<void>();
    // Nobody may be waiting when it is dropped.
    gate.promise.catch(() => undefined);
    this.gates.set(point, gate);
  }

  /** Lets everything held at the point continue; later requests pass. */
  release(point: Point): void {
    this.gates.get(point)?.resolve();
    this.gates.delete(point);
  }

  releaseAll(): void {
    for (const point of [...this.gates.keys()]) this.release(point);
  }

  /** Ends everything held, as if it had never come; later requests pass. */
  dropAll(): void {
    for (const gate of this.gates.values()) gate.reject(new HoldDropped('dropped while held'));
    this.gates.clear();
  }

  /** For every point: whether it is switched on, and how many requests are held there now. */
  state(): Record<Point, { on: boolean; held: number }> {
    return Object.fromEntries(
      points.map((point) => [point, { on: this.gates.has(point), held: this.heldAt(point) }]),
    ) as Record<Point, { on: boolean; held: number }>;
  }

  heldAt(point: Point): number {
    return this.waiting.get(point) ?? 0;
  }

  /**
   * Returns at once when the point is not held, else when it is released.
   *
   * @throws the signal's reason when it aborts first (the client is gone, or the sandbox closes)
   * @throws HoldDropped when the sandbox is reset meanwhile
   */
  async pass(point: Point, signal: AbortSignal): Promise<void> {
    const gate = this.gates.get(point);
    if (gate === undefined) return;
    this.waiting.set(point, this.heldAt(point) + 1);
    this.arrivals.get(point)?.resolve();
    this.arrivals.delete(point);
    try {
      await Promise.race([gate.promise, rejectOnAbort(signal)]);
    } finally {
      this.waiting.set(point, this.heldAt(point) - 1);
    }
  }

  /** Waits until something is held at the point; answers how many are, 0 when the time is over. */
  async waitUntilHeld(point: Point, options: { timeoutMs: number; signal: AbortSignal }): Promise<number> {
    const over = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
    while (this.heldAt(point) === 0 && !over.aborted) {
      const arrival = this.arrivals.get(point) ?? Promise.withResolvers<void>();
      this.arrivals.set(point, arrival);
      await Promise.race([arrival.promise, rejectOnAbort(over).catch(() => undefined)]);
    }
    return this.heldAt(point);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
