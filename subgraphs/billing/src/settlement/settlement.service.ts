import { uuidv7 } from '@suvidha/db';
import type { ConsumedEvent, EventPayload } from '@suvidha/events';
import { toMoney } from '@suvidha/money';
import { refuseAllocation } from '../bill/bill.rules.ts';
import type { Db } from '../db.ts';
import type { Bill } from '../generated/prisma/client.ts';

type Captured = ConsumedEvent<Db, 'payment.captured'>;

/**
 * Puts captured money to the bill it was paid for, or says why not, in which case payments gives it back. Runs in
 * the transaction that records the event, so it happens once however often the event comes.
 */
export async function settleBill(captured: Captured): Promise<void> {
  const { tx, event } = captured;
  const { paymentId, payable, installmentId, amountMinor, currency } = event.payload;
  const bill = await lockBill(tx, payable.id);
  if (await tx.allocation.findUnique({ where: { paymentId } })) return;
  const refusal = refuseAllocation(bill, { ...toMoney(amountMinor, currency), installmentId });
  if (bill && refusal === null) await allocate(captured, bill);
  else await reject(captured, refusal ?? 'NOT_PAYABLE');
}

async function lockBill(tx: Db, billId: string): Promise<Bill | null> {
  await tx.$queryRaw`select id from bill where id = ${billId}::uuid for update`;
  return tx.bill.findUnique({ where: { id: billId } });
}

async function allocate({ tx, append, event }: Captured, bill: Bill): Promise<void> {
  const { paymentId, payable, amountMinor, currency } = event.payload;
  const paidAmountMinor = bill.paidAmountMinor + BigInt(amountMinor);
  const isPaid = paidAmountMinor === bill.amountMinor;
  await tx.allocation.create({
    data: { id: uuidv7(), billId: bill.id, paymentId, amountMinor: BigInt(amountMinor) },
  });
  await tx.bill.update({
    where: { id: bill.id },
    data: { paidAmountMinor, status: isPaid ? 'PAID' : 'DUE' },
  });
  if (isPaid) {
    const payload: EventPayload<'bill.paid'> = { billId: bill.id, userId: bill.userId, paymentId };
    await append({ type: 'bill.paid', aggregateType: 'bill', aggregateId: bill.id, payload });
  }
  await append({
    type: 'payable.settled',
    aggregateType: 'bill',
    aggregateId: bill.id,
    payload: { paymentId, payable, amountMinor, currency },
  });
}

async function reject(
  { append, event }: Captured,
  reason: EventPayload<'payable.rejected'>['reason'],
): Promise<void> {
  const { paymentId, payable, amountMinor, currency } = event.payload;
  await append({
    type: 'payable.rejected',
    aggregateType: 'bill',
    aggregateId: payable.id,
    payload: { paymentId, payable, amountMinor, currency, reason },
  });
}
