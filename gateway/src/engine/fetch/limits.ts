import type { RequestContext } from '../engine.types.ts';
import type { CancelListener, CancelSignal } from './cancellation.ts';
import { SubgraphUnavailableError } from './subgraph.errors.ts';

/** The part of a request's context that limits how long it waits. */
export type WaitingContext = Pick<RequestContext, 'signal' | 'deadlineAt'>;

/** Work that somebody waits for; it calls `settle` or `fail` of the wait it was started with. */
export interface LimitedWork<T> {
  start(wait: Wait<T>): void;
  /** Stops the work: nobody waits for it any more. */
  cancel(reason: SubgraphUnavailableError): void;
}

/** How work reports its end. Only the first report counts. */
export interface Wait<T> {
  settle(value: T): void;
  fail(cause: unknown): void;
}

/**
 * Waits for work until it ends, the request's signal aborts, its deadline passes or `timeoutMs` is over, whichever comes
 * first; the last three cancel the work and reject with `SubgraphUnavailableError`.
 */
export function runWithinLimits<T>(
  context: WaitingContext,
  timeoutMs: number,
  work: LimitedWork<T>,
): Promise<T> {
  const { signal, deadlineAt } = context;
  const remainingMs = deadlineAt === undefined ? timeoutMs : Math.min(timeoutMs, deadlineAt - Date.now());
  if (signal?.aborted) return Promise.reject(new SubgraphUnavailableError('CANCELLED'));
  if (remainingMs <= 0) return Promise.reject(new SubgraphUnavailableError('TIMED_OUT'));
  return new Promise<T>((resolve, reject) => {
    new LimitedWait(work, signal, resolve, reject).start(remainingMs);
  });
}

/**
 * Timers of one length share a queue, those of many lengths do not: a long wait is taken in steps of this length, so
 * that setting and clearing its timer, as nearly every wait does, costs next to nothing.
 */
const TIMER_STEP_MS = 2_000;

/** One wait. It is its own listener and timer callback, so that waiting costs no closures: there is one for every fetch. */
class LimitedWait<T> implements Wait<T>, CancelListener {
  readonly #work: LimitedWork<T>;
  readonly #signal: CancelSignal | undefined;
  readonly #resolve: (value: T) => void;
  readonly #reject: (cause: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #remainingMs = Number.POSITIVE_INFINITY;

  constructor(
    work: LimitedWork<T>,
    signal: CancelSignal | undefined,
    resolve: (value: T) => void,
    reject: (cause: unknown) => void,
  ) {
    this.#work = work;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(remainingMs: number): void {
    this.#remainingMs = remainingMs;
    if (Number.isFinite(remainingMs)) this.#waitOn();
    this.#signal?.addEventListener('abort', this);
    this.#work.start(this);
  }

  settle(value: T): void {
    this.#release();
    this.#resolve(value);
  }

  fail(cause: unknown): void {
    this.#release();
    this.#reject(cause);
  }

  /** The signal aborted. */
  handleEvent(): void {
    this.stop(new SubgraphUnavailableError('CANCELLED'));
  }

  /** A step of the wait is over. */
  waitedMs(stepMs: number): void {
    this.#remainingMs -= stepMs;
    if (this.#remainingMs > 0) this.#waitOn();
    else this.stop(new SubgraphUnavailableError('TIMED_OUT'));
  }

  stop(reason: SubgraphUnavailableError): void {
    this.fail(reason);
    this.#work.cancel(reason);
  }

  #waitOn(): void {
    const stepMs = Math.min(this.#remainingMs, TIMER_STEP_MS);
    this.#timer = setTimeout(endStep<T>, stepMs, this, stepMs);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this);
  }
}

function endStep<T>(wait: LimitedWait<T>, stepMs: number): void {
  wait.waitedMs(stepMs);
}
