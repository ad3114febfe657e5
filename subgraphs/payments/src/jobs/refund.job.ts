import type { JobHandler } from '@suvidha/jobs';
import { z } from 'zod';
import type { RefundService } from '../refund/refund.service.ts';

export const refundTask = 'refund';

const payload = z.object({ refundId: z.uuid() });

export function createRefundHandler(refunds: RefundService): JobHandler {
  return async (raw) => refunds.execute(payload.parse(raw).refundId);
}
