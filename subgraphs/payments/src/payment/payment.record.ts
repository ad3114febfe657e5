import type { UnitOfWork } from '@suvidha/events';
import type { Db } from '../db.ts';
import type { Payment, PaymentStatus, Prisma } from '../generated/prisma/client.ts';
import { planQrCodeClosing } from '../jobs/close-qr-code.job.ts';
import { toSnapshot } from './payment.snapshot.ts';
import { isQrCodeOver } from './payment-status.rules.ts';

type Unit = UnitOfWork<Db>;

/** Reads a payment and locks its row until the transaction ends. */
export async function lockPayment(tx: Db, id: string): Promise<Payment | null> {
  await tx.$queryRaw`select id from payment where id = ${id}::uuid for update`;
  return tx.payment.findUnique({ where: { id } });
}

/**
 * Attempts for the same debt take turns where one decides about another: when one starts and when one is captured.
 * Taken before any row is locked.
 */
export async function lockInstallment(tx: Db, installmentId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${installmentId}, 0))`;
}

/**
 * Changes a locked payment and appends its status event: the only way a payment changes. A QR code that nobody shall
 * scan any more is closed at the vendor by a job that is stored with the change.
 */
export async function changePayment(
  { tx, append }: Unit,
  before: Payment,
  data: Prisma.PaymentUpdateInput,
): Promise<Payment> {
  const after = await tx.payment.update({ where: { id: before.id }, data });
  await appendStatus(append, after, before.status);
  if (isQrCodeOver(after) && !isQrCodeOver(before)) await planQrCodeClosing(tx, after.id);
  return after;
}

export async function appendStatus(
  append: Unit['append'],
  payment: Payment,
  previousStatus: PaymentStatus | null,
): Promise<void> {
  await append({
    type: 'payment.status_changed',
    aggregateType: 'payment',
    aggregateId: payment.id,
    payload: toSnapshot(payment, previousStatus),
  });
}

/** The owner of the payable hears of the money, once. */
export async function appendCaptured(append: Unit['append'], payment: Payment): Promise<void> {
  await append({
    type: 'payment.captured',
    aggregateType: 'payment',
    aggregateId: payment.id,
    payload: {
      paymentId: payment.id,
      payable: { type: payment.payableType, id: payment.payableId },
      installmentId: payment.installmentId,
      payer: payment.payer,
      amountMinor: Number(payment.amountMinor),
      currency: payment.currency,
    },
  });
}
