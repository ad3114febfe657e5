import { AppError } from '@suvidha/errors';

const timeoutMs = 10_000;

/**
 * `fetch` with a deadline for one vendor, which can be given to the vendor's own client library. A vendor that cannot be
 * reached, is too slow, has a fault or wants to be left alone rejects with UPSTREAM_UNAVAILABLE; every other answer is the
 * caller's to read.
 *
 * @param readsRateLimits whether the caller reads 429 itself; default false
 */
export function createVendorFetch(
  vendor: string,
  { readsRateLimits = false }: { readonly readsRateLimits?: boolean } = {},
): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause: unknown) => {
        throw new AppError('UPSTREAM_UNAVAILABLE', `${vendor} could not be reached.`, { cause });
      },
    );
    const isLimited = response.status === 429 && !readsRateLimits;
    if (response.status < 500 && !isLimited) return response;
    await response.body?.cancel();
    throw new AppError('UPSTREAM_UNAVAILABLE', `${vendor} answered ${response.status}.`);
  };
}

/** The failure to reach a vendor in an error or its causes: libraries wrap what their `fetch` throws. */
export function findUnavailable(error: unknown): AppError | null {
  if (error instanceof AppError && error.code === 'UPSTREAM_UNAVAILABLE') return error;
  return error instanceof Error && error.cause !== undefined ? findUnavailable(error.cause) : null;
}
