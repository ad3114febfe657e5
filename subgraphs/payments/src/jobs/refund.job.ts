import { addJob, type JobHandler } from '@suvidha/jobs';
import { z } from 'zod';
import type { Db } from '../db.ts';
import { refundTask, toRefundCheck } from '../refund/refund.task.ts';
import type { RefundExecutionService } from '../refund/refund-execution.service.ts';
import { isRefundOpen } from '../refund/refund-status.rules.ts';

/** Waits between checks, in seconds; the last one repeats. A bank may take seven working days. */
const delaysSeconds = [5, 30, 120, 600, 1_800, 3_600, 21_600];

const payload = z.object({ refundId: z.uuid(), check: z.number().int().min(0).default(0) });

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
