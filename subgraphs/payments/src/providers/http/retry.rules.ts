import type { VendorError } from '../vendor.error.ts';

const maxAttempts = 3;
const firstPauseMs = 100;
const longestPauseMs = 1_000;

export interface FailedAttempt {
  readonly error: VendorError;
  /** Counts from 1. */
  readonly attempt: number;
  /** Whether the vendor does the call once, however often it is made. */
  readonly isIdempotent: boolean;
  /** What is left of the call's time, in milliseconds. */
  readonly remainingMs: number;
  /** Between 0 and 1: pauses differ, so that many callers do not come back in step. */
  readonly jitter: number;
}

/**
 * How long to wait before the call is made again, in milliseconds. Null: not at all, because it would be refused
 * again, could be done twice, or there is no time left.
 */
export function toRetryPauseMs({
  error,
  attempt,
  isIdempotent,
  remainingMs,
  jitter,
}: FailedAttempt): number | null {
  const mayRepeat = error.outcome === 'UNSENT' || (error.outcome === 'UNKNOWN' && isIdempotent);
  if (!mayRepeat || attempt >= maxAttempts) return null;
  const longest = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
  const pauseMs = error.retryAfterMs ?? Math.round((longest * (1 + jitter)) / 2);
  return pauseMs < remainingMs ? pauseMs : null;
}
