import type { Receiver } from './receiver.ts';
import type { Rendition } from './rendition.ts';
import type { Upstream } from './upstream.ts';

/** Where a subscriber gets its events from. */
export class Place {
  readonly #upstream: Upstream;
  readonly #rendition: Rendition;
  readonly #receiver: Receiver;

  constructor(upstream: Upstream, rendition: Rendition, receiver: Receiver) {
    this.#upstream = upstream;
    this.#rendition = rendition;
    this.#receiver = receiver;
  }

  /** What to resume after elsewhere. Undefined: nothing is known, begin anew. */
  get cursor(): string | undefined {
    return this.#upstream.cursor;
  }

  /** Whether the subscriber can go elsewhere and miss nothing. */
  get isResumable(): boolean {
    return this.#upstream.isResumable;
  }

  leave(): void {
    this.#rendition.remove(this.#receiver);
  }
}
