import type { EventPayload, UnitOfWork } from '@suvidha/events';
import type { Db } from '../db.ts';
import type { Payment, Prisma, Refund, RefundStatus } from '../generated/prisma/client.ts';

type Unit = UnitOfWork<Db>;

/** A refund as its events carry it. */
export type RefundSnapshot = EventPayload<'refund.status_changed'>;

export function toRefundSnapshot(
  refund: Refund,
  payment: Payment,
  previousStatus: RefundStatus | null,
): RefundSnapshot {
  return {
    refundId: refund.id,
    paymentId: payment.id,
    payable: { type: payment.payableType, id: payment.payableId },
    installmentId: payment.installmentId,
    payer: payment.payer,
    amountMinor: Number(refund.amountMinor),
    currency: refund.currency,
    status: refund.status,
    previousStatus,
    reason: refund.reason,
    cause: refund.cause,
    createdAt: refund.createdAt.toISOString(),
  };
}

export async function appendRefundStatus(
  append: Unit['append'],
  { refund, payment, before }: { refund: Refund; payment: Payment; before: RefundStatus | null },
): Promise<void> {
  const about = { aggregateType: 'refund', aggregateId: refund.id } as const;
  const payload = toRefundSnapshot(refund, payment, before);
  await append({ type: 'refund.status_changed', ...about, payload });
  if (refund.status === 'PROCESSED') await append({ type: 'refund.processed', ...about, payload });
}

/** Changes a refund whose payment is locked, and appends its event: the only way a refund changes. */
export async function changeRefund(
  { tx, append }: Unit,
  { refund, payment }: { refund: Refund; payment: Payment },
  data: Prisma.RefundUpdateInput,
): Promise<Refund> {
  const after = await tx.refund.update({ where: { id: refund.id }, data });
  await appendRefundStatus(append, { refund: after, payment, before: refund.status });
  return after;
}
