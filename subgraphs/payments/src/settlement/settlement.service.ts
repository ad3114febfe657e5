import { AppError } from '@suvidha/errors';
import type { ConsumedEvent, EventHandlers } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { Db } from '../db.ts';
import type { Payment } from '../generated/prisma/client.ts';
import { planReceipt } from '../jobs/issue-receipt.job.ts';
import { book } from '../ledger/ledger.record.ts';
import { toSettled } from '../ledger/ledger.rules.ts';
import { changePayment, lockPayment } from '../payment/payment.record.ts';
import { heldStatuses } from '../payment/payment-status.rules.ts';
import { requestRefund, toRefundable } from '../refund/refund-request.ts';

type Owned = 'payable.settled' | 'payable.rejected' | 'payable.refund_requested';

/** What payments does with the answers and wishes of the owners of payables. */
export function createSettlementHandlers(log: Log): Required<Pick<EventHandlers<Db>, Owned>> {
  return {
    'payable.settled': recordSettled,
    'payable.rejected': recordRejected,
    'payable.refund_requested': (requested) => giveBack(requested, log),
  };
}

/** The owner of the payable has put the money to it: the payer may be told that it is done. */
async function recordSettled(settled: ConsumedEvent<Db, 'payable.settled'>): Promise<void> {
  const { paymentId, creditedMinor = 0 } = settled.event.payload;
  const payment = await lockPayment(settled.tx, paymentId);
  if (payment?.settlement !== 'PENDING') return;
  await book(settled.tx, payment, [toSettled(payment, BigInt(creditedMinor))]);
  await changePayment(settled, payment, { settlement: 'SETTLED' });
  await planReceipt(settled.tx, { paymentId });
}

/** The owner cannot use the money: it goes back, by a job that is there if and only if this is recorded. */
async function recordRejected(rejected: ConsumedEvent<Db, 'payable.rejected'>): Promise<void> {
  const { paymentId, reason } = rejected.event.payload;
  const payment = await lockPayment(rejected.tx, paymentId);
  if (payment?.settlement !== 'PENDING') return;
  const after = await changePayment(rejected, payment, { settlement: 'REJECTED' });
  await requestRefund(rejected, after, {
    amountMinor: toRefundable(after),
    cause: 'REJECTED',
    reason,
    key: 'rejected',
    requestedBy: 'payable.rejected',
  });
}

type Requested = ConsumedEvent<Db, 'payable.refund_requested'>;

/**
 * The owner wants money back for the payer: from the payments that were put to the payable, newest first.
 * @throws AppError FAILED_PRECONDITION while too little is settled; the event then comes again, after payable.settled.
 */
async function giveBack(requested: Requested, log: Log): Promise<void> {
  const { payable, amountMinor, reason, key } = requested.event.payload;
  const payments = await lockPaymentsFor(requested.tx, payable.id);
  if (await isKnown(requested.tx, payments, key)) return;
  let left = BigInt(amountMinor);
  for (const payment of payments.filter(isUsed)) {
    const part = left < toRefundable(payment) ? left : toRefundable(payment);
    const order = { amountMinor: part, cause: 'OWNER' as const, reason, key: `owner:${key}` };
    const refund = await requestRefund(requested, payment, { ...order, requestedBy: requested.event.type });
    if (refund) left -= part;
  }
  if (left === 0n) return;
  log.warn({ payable, key }, 'an owner wants more back than has been settled so far');
  throw new AppError('FAILED_PRECONDITION', 'Too little of the payable is paid and settled.', {
    reason: 'REFUND_UNCOVERED',
  });
}

/** In the order of their ids, so that two requests cannot wait for each other; answered newest first. */
async function lockPaymentsFor(tx: Db, payableId: string): Promise<Payment[]> {
  await tx.$queryRaw`select id from payment where payable_id = ${payableId}::uuid order by id for update`;
  return tx.payment.findMany({ where: { payableId }, orderBy: { id: 'desc' } });
}

function isUsed({ status, settlement }: Payment): boolean {
  return settlement === 'SETTLED' && heldStatuses.includes(status);
}

/** The same wish under another event. */
async function isKnown(tx: Db, payments: readonly Payment[], key: string): Promise<boolean> {
  const paymentId = { in: payments.map(({ id }) => id) };
  return (await tx.refund.count({ where: { paymentId, key: `owner:${key}` } })) > 0;
}
