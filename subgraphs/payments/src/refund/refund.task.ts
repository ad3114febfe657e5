import type { AddJobOptions } from '@suvidha/jobs';

/** Gives money back: asks the vendor until it is decided, whether webhooks come or not. */
export const refundTask = 'refund';

/** The checks of one refund are one job at a time, under this key. */
export function toRefundKey(refundId: string): string {
  return `${refundTask}:${refundId}`;
}

/** @param runAt default: at once. */
export function toRefundCheck(refundId: string, runAt?: Date): AddJobOptions {
  return { key: toRefundKey(refundId), ...(runAt && { runAt }) };
}
