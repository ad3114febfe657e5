import type { RequestContext } from '../engine.types.ts';
import { SubgraphUnavailableError } from './subgraph.errors.ts';

/** Stops the work behind a fetch that nobody waits for any more. */
export type Cancel = (reason: SubgraphUnavailableError) => void;

/** Starts the work; it settles through the two functions and returns how to cancel it. */
export type Begin<T> = (resolve: (value: T) => void, reject: (cause: Error) => void) => Cancel;

/**
 * Runs work until it settles, the request's signal aborts, its deadline passes or `timeoutMs` is over, whichever comes
 * first; the last three cancel the work and reject with `SubgraphUnavailableError`.
 */
export function runWithinLimits<T>(context: RequestContext, timeoutMs: number, begin: Begin<T>): Promise<T> {
  const { signal, deadlineAt } = context;
  const remainingMs = deadlineAt === undefined ? timeoutMs : Math.min(timeoutMs, deadlineAt - Date.now());
  if (signal?.aborted) return Promise.reject(new SubgraphUnavailableError('CANCELLED'));
  if (remainingMs <= 0) return Promise.reject(new SubgraphUnavailableError('TIMED_OUT'));
  return new Promise<T>((resolve, reject) => {
    let cancel: Cancel | undefined;
    const onAbort = () => stop('CANCELLED');
    const timer = Number.isFinite(remainingMs) ? setTimeout(stop, remainingMs, 'TIMED_OUT') : undefined;
    signal?.addEventListener('abort', onAbort);
    function release(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
    function stop(reason: 'CANCELLED' | 'TIMED_OUT'): void {
      const error = new SubgraphUnavailableError(reason);
      release();
      reject(error);
      cancel?.(error);
    }
    cancel = begin(
      (value) => {
        release();
        resolve(value);
      },
      (cause) => {
        release();
        reject(cause);
      },
    );
  });
}
