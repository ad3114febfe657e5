/** Told when a wait is over before its time. */
export interface CancelListener {
  handleEvent(): void;
}

/** The part of an `AbortSignal` that the engine uses: any real one will do where this is asked for. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: CancelListener): void;
  removeEventListener(type: 'abort', listener: CancelListener): void;
}

/**
 * An `AbortController` and its signal in one, for the hot path. Every real signal is an event target that the runtime
 * keeps track of weakly: with one for each fetch, collecting them took a sixth of a busy gateway's time.
 */
export class Cancellation implements CancelSignal {
  #aborted = false;
  readonly #listeners: CancelListener[] = [];

  get aborted(): boolean {
    return this.#aborted;
  }

  addEventListener(_type: 'abort', listener: CancelListener): void {
    if (!this.#aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: CancelListener): void {
    const index = this.#listeners.indexOf(listener);
    if (index < 0) return;
    const last = this.#listeners.pop();
    if (last && index < this.#listeners.length) this.#listeners[index] = last;
  }

  /** Tells each listener once. */
  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    for (const listener of this.#listeners.splice(0)) listener.handleEvent();
  }
}
