import type { RefundCause } from '../generated/prisma/enums.ts';

interface FailedRefund {
  readonly amountMinor: bigint;
  readonly cause: RefundCause;
  readonly reason: string;
  readonly key: string;
  readonly requestedBy: string;
}

/** Waits before a refund that failed is tried under a new id, in seconds; the last one repeats. */
const delaysSeconds = [60, 600, 3_600, 21_600, 86_400];

/**
 * The refund that takes the place of one that failed, or null where staff asked for it: they decide anew. What we owe
 * the payer is never given up.
 */
export function toReplacement(
  { amountMinor, cause, reason, requestedBy, key: failedKey }: FailedRefund,
  now: Date,
): (FailedRefund & { readonly notBefore: Date }) | null {
  if (cause === 'STAFF') return null;
  const [, key = failedKey, number = '1'] = /^(.*)#(\d+)$/.exec(failedKey) ?? [];
  const tries = Number(number);
  const delay = delaysSeconds[Math.min(tries, delaysSeconds.length) - 1] ?? 0;
  return {
    amountMinor,
    cause,
    reason,
    key: `${key}#${tries + 1}`,
    requestedBy,
    notBefore: new Date(now.getTime() + delay * 1000),
  };
}
