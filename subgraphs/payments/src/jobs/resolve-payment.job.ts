import type { AddJobOptions, JobHandler } from '@suvidha/jobs';
import { addJob } from '@suvidha/jobs';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { PaymentResolutionService } from '../payment/payment-resolution.service.ts';
import { isOpen } from '../payment/payment-status.rules.ts';

/** The janitor: asks the vendor about a payment until it is decided. */
export const resolvePaymentTask = 'resolve-payment';

/** Waits between checks, in seconds; the last one repeats. The first is longer than a vendor call may take. */
const delaysSeconds = [12, 60, 300, 900, 900, 3_600, 86_400];

const payload = z.object({ paymentId: z.uuid(), check: z.number().int().min(0) });

export function toFirstCheck({ id, createdAt }: { id: string; createdAt: Date }): AddJobOptions {
  return toCheck(id, 0, createdAt);
}

function toCheck(paymentId: string, check: number, from: Date): AddJobOptions {
  const delay = delaysSeconds[Math.min(check, delaysSeconds.length - 1)] ?? 0;
  return {
    key: `${resolvePaymentTask}:${paymentId}:${check}`,
    runAt: new Date(from.getTime() + delay * 1000),
  };
}

export function createResolvePaymentHandler(
  resolution: PaymentResolutionService,
  db: Db,
  now: () => Date,
): JobHandler {
  return async (raw) => {
    const { paymentId, check } = payload.parse(raw);
    const payment = await resolution.resolve(paymentId);
    if (!payment || !isOpen(payment.status)) return;
    const next = check + 1;
    await addJob(db, resolvePaymentTask, { paymentId, check: next }, toCheck(paymentId, next, now()));
  };
}
