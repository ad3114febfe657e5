import { uuidv7 } from '@suvidha/db';
import type { ConsumedEvent } from '@suvidha/events';
import { addJob } from '@suvidha/jobs';
import type { Db } from '../db.ts';
import { refundTask } from '../jobs/refund.job.ts';
import { changePayment, lockPayment } from '../payment/payment.record.ts';

/** The owner of the payable has put the money to it: the payer may be told that it is done. */
export async function recordSettled(settled: ConsumedEvent<Db, 'payable.settled'>): Promise<void> {
  const payment = await lockPayment(settled.tx, settled.event.payload.paymentId);
  if (payment?.settlement === 'PENDING') await changePayment(settled, payment, { settlement: 'SETTLED' });
}

/** The owner cannot use the money: it goes back, by a job that is there if and only if this is recorded. */
export async function recordRejected(rejected: ConsumedEvent<Db, 'payable.rejected'>): Promise<void> {
  const { paymentId, reason } = rejected.event.payload;
  const payment = await lockPayment(rejected.tx, paymentId);
  if (payment?.settlement !== 'PENDING') return;
  await changePayment(rejected, payment, { settlement: 'REJECTED' });
  const refund = await rejected.tx.refund.create({
    data: { id: uuidv7(), paymentId, amountMinor: payment.amountMinor, reason },
  });
  await addJob(rejected.tx, refundTask, { refundId: refund.id });
}
