import { uuidv7 } from '@suvidha/db';
import type { UnitOfWork } from '@suvidha/events';
import { addJob } from '@suvidha/jobs';
import type { Db } from '../db.ts';
import type { Payment, Refund, RefundCause } from '../generated/prisma/client.ts';
import { book } from '../ledger/ledger.record.ts';
import { toRefundRequested } from '../ledger/ledger.rules.ts';
import { appendRefundStatus } from './refund.record.ts';
import { refundTask, toRefundCheck } from './refund.task.ts';

/** A wish to give money back. */
export interface RefundOrder {
  /** Default: one that is made now. */
  readonly id?: string;
  readonly amountMinor: bigint;
  readonly cause: RefundCause;
  readonly reason: string;
  /** What asks for it: the same key gives money of one payment back once. */
  readonly key: string;
  readonly requestedBy: string;
  /** When the vendor shall be asked. Default: at once. */
  readonly notBefore?: Date;
}

/**
 * Sets money aside for the payer and adds the job that gives it back. Refunds of one payment, however many at once,
 * never exceed what was captured: the sum is raised only where it fits.
 *
 * @returns null when less than that is left, or no money is held; then nothing has changed.
 */
export async function requestRefund(
  { tx, append }: UnitOfWork<Db>,
  payment: Payment,
  order: RefundOrder,
): Promise<Refund | null> {
  if (order.amountMinor <= 0n || !(await reserve(tx, payment.id, order.amountMinor))) return null;
  const { notBefore, id = uuidv7(), ...data } = order;
  const refund = await tx.refund.create({
    data: { id, paymentId: payment.id, currency: payment.currency, ...data },
  });
  await book(tx, payment, [
    toRefundRequested(refund, payment.settlement === 'SETTLED' ? 'MERCHANT' : 'CUSTOMER'),
  ]);
  await appendRefundStatus(append, { refund, payment, before: null });
  await addJob(tx, refundTask, { refundId: id, check: 0 }, toRefundCheck(id, notBefore));
  return refund;
}

async function reserve(tx: Db, paymentId: string, amountMinor: bigint): Promise<boolean> {
  const touched = await tx.$executeRaw`update payment
    set refund_reserved_minor = refund_reserved_minor + ${amountMinor}::bigint
    where id = ${paymentId}::uuid and status in ('CAPTURED', 'PARTIALLY_REFUNDED')
      and refund_reserved_minor + ${amountMinor}::bigint <= amount_minor`;
  return touched === 1;
}

/** What of a payment is neither given back nor on its way back, in minor units. */
export function toRefundable({ amountMinor, refundReservedMinor }: Payment): bigint {
  return amountMinor - refundReservedMinor;
}
