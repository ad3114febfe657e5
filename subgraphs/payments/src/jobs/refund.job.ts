import type { AddJobOptions, JobHandler } from '@suvidha/jobs';
import { addJob } from '@suvidha/jobs';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { RefundExecutionService } from '../refund/refund-execution.service.ts';
import { isRefundOpen } from '../refund/refund-status.rules.ts';

/** Gives money back: asks the vendor until it is decided, whether webhooks come or not. */
export const refundTask = 'refund';

/** Waits between checks, in seconds; the last one repeats. A bank may take seven working days. */
const delaysSeconds = [5, 30, 120, 600, 1_800, 3_600, 21_600];

const payload = z.object({ refundId: z.uuid(), check: z.number().int().min(0).default(0) });

/** The checks of one refund are one job at a time, under this key. */
export function toRefundKey(refundId: string): string {
  return `${refundTask}:${refundId}`;
}

/** @param runAt default: at once. */
export function toRefundCheck(refundId: string, runAt?: Date): AddJobOptions {
  return { key: toRefundKey(refundId), ...(runAt && { runAt }) };
}

export function createRefundHandler(refunds: RefundExecutionService, db: Db, now: () => Date): JobHandler {
  return async (raw) => {
    const { refundId, check } = payload.parse(raw);
    const { status } = await refunds.execute(refundId);
    if (!isRefundOpen(status)) return;
    const delay = delaysSeconds[Math.min(check, delaysSeconds.length - 1)] ?? 0;
    const runAt = new Date(now().getTime() + delay * 1000);
    await addJob(db, refundTask, { refundId, check: check + 1 }, toRefundCheck(refundId, runAt));
  };
}
