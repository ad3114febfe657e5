import type { AddJobOptions, JobHandler } from '@suvidha/jobs';
import { addJob } from '@suvidha/jobs';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { Payment } from '../generated/prisma/client.ts';
import type { PaymentResolutionService } from '../payment/payment-resolution.service.ts';
import { canBePaid, isOpen } from '../payment/payment-status.rules.ts';

/** The janitor: asks the vendor about a payment until it is decided, whether webhooks come or not. */
export const resolvePaymentTask = 'resolve-payment';

/** Waits between checks, in seconds; the last one repeats. The first is longer than a vendor call may take. */
const delaysSeconds = [12, 60, 300, 900, 900, 3_600, 86_400];

/**
 * How long money may still come for a payment that looks lost, in milliseconds. Razorpay: about three days
 * (https://razorpay.com/docs/payments/payment-gateway/s2s-integration/test-s2s/best-practices/payment-states-and-late-authorisation).
 */
export const lateSuccessMs = 5 * 86_400_000;

const payload = z.object({ paymentId: z.uuid(), check: z.number().int().min(0) });

/** The checks of one payment are one job at a time, under this key. */
export function toCheckKey(paymentId: string): string {
  return `${resolvePaymentTask}:${paymentId}`;
}

export function toFirstCheck({ id, createdAt }: { id: string; createdAt: Date }): AddJobOptions {
  return toCheck(id, 0, createdAt);
}

/** A check now, in the place of the one that was planned. */
export function toCheckNow(paymentId: string): AddJobOptions {
  return { key: toCheckKey(paymentId) };
}

function toCheck(paymentId: string, check: number, from: Date): AddJobOptions {
  const delay = delaysSeconds[Math.min(check, delaysSeconds.length - 1)] ?? 0;
  return { key: toCheckKey(paymentId), runAt: new Date(from.getTime() + delay * 1000) };
}

/** The check after this one. One falls on the end of a payment's time, so that whoever watches it hears of that at once. */
function toNextCheck({ id, status, expiresAt }: Payment, check: number, at: Date): AddJobOptions {
  const next = toCheck(id, check, at);
  const isEndNext = isOpen(status) && expiresAt > at && next.runAt && next.runAt > expiresAt;
  return isEndNext ? { ...next, runAt: expiresAt } : next;
}

export function createResolvePaymentHandler(
  resolution: PaymentResolutionService,
  db: Db,
  now: () => Date,
): JobHandler {
  return async (raw) => {
    const { paymentId, check } = payload.parse(raw);
    const payment = await resolution.resolve(paymentId);
    if (!payment || !isWorthAsking(payment, now())) return;
    const next = check + 1;
    await addJob(db, resolvePaymentTask, { paymentId, check: next }, toNextCheck(payment, next, now()));
  };
}

/** Whether the vendor may still have something new to say. */
export function isWorthAsking({ status, vendorOrderId, createdAt }: Payment, at: Date): boolean {
  if (isOpen(status)) return true;
  return canBePaid(status) && vendorOrderId !== null && at.getTime() - createdAt.getTime() < lateSuccessMs;
}
