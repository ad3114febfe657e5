import { createLog } from '@suvidha/log';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VendorRefund } from '../src/providers/payment-gateway.ts';
import {
  findingsOf,
  reconcile,
  retryReconciliation,
  type SilentPayment,
  startReconciliation,
  startSilentSettled,
  waitForReport,
} from './reconciliation.fixture.ts';
import { readRefunds, refund } from './refunds.fixture.ts';
import { type SimulatedWorld, startSimulated } from './simulated.fixture.ts';
import { SimulatedGateway } from './simulated-gateway.fixture.ts';

const razorpay = new SimulatedGateway({ name: 'RAZORPAY' });
const alerts: { readonly alert?: string }[] = [];
let world: SimulatedWorld;

beforeAll(async () => {
  const write = (line: string) => void alerts.push(JSON.parse(line));
  const log = createLog({ service: 'test', level: 'error', destination: { write } });
  world = await startSimulated([razorpay], { log });
});
beforeEach(() => {
  razorpay.calm();
  alerts.length = 0;
});
afterEach(() => {
  for (const books of [razorpay.orders, razorpay.payments, razorpay.refunds]) books.clear();
});
afterAll(() => world[Symbol.asyncDispose]());

interface GivenBack {
  readonly payment: SilentPayment;
  readonly refundId: string;
  /** As the vendor has it; a test changes it there. */
  readonly theirs: VendorRefund & { readonly amountMinor: number };
}

/** 100 rupees on their way back, of which nobody but a comparison learns any more. */
async function giveBack(payment?: SilentPayment, amount = '100.00'): Promise<GivenBack> {
  const from = payment ?? (await startSilentSettled(world, razorpay));
  const { id } = await refund(world, { paymentId: from.id, amount });
  await loseJob(id!);
  const theirs = [...razorpay.refunds.values()].find(({ refundId }) => refundId === id)!;
  return { payment: from, refundId: id!, theirs };
}

/** Waits until the job has asked the vendor, and takes its next check away. */
async function loseJob(refundId: string): Promise<void> {
  for (;;) {
    const { rowCount } = await world.pool.query(
      'delete from graphile_worker._private_jobs where key = $1 and locked_at is null and run_at > now()',
      [`refund:${refundId}`],
    );
    if (rowCount === 1) return;
  }
}

const statusOf = async ({ payment, refundId }: GivenBack) =>
  (await readRefunds(world, payment)).refunds.find(({ id }) => id === refundId)?.status;

async function bookedFor(paymentId: string): Promise<string[]> {
  const { rows } = await world.pool.query(
    'select split_part(key, $2, 1) as what from ledger_entry where payment_id = $1 order by id',
    [paymentId, ':'],
  );
  return rows.map(({ what }) => what);
}

const untilRefund = ['captured', 'settled', 'refund-requested'];

describe('a comparison', () => {
  it('finds refunds that are as we think', async () => {
    const from = new Date();
    await giveBack();
    const failed = await giveBack();
    razorpay.finishRefund(failed.theirs.id, 'FAILED');
    await reconcile(world, from);
    alerts.length = 0;
    expect(await reconcile(world, from)).toMatchObject({ total: 4, checked: 4, matched: 4 });
    expect(alerts).toEqual([]);
  });

  it.each(['YOUNG', 'ALL'])(
    'of %s takes the word of the vendor about those it has decided',
    async (scope) => {
      const from = new Date();
      const processed = await giveBack();
      razorpay.finishRefund(processed.theirs.id, 'PROCESSED');
      const failed = await giveBack();
      razorpay.finishRefund(failed.theirs.id, 'FAILED');

      const report = await reconcile(world, from, scope);
      expect(report).toMatchObject({ statusDiffers: 2 });
      const repaired = { bucket: 'STATUS_DIFFERS', isRepaired: true, expected: { amount: '100.00' } };
      const byId = new Map(findingsOf(report).map((finding) => [finding.refundId, finding]));
      for (const { refundId, theirs, payment } of [processed, failed])
        expect(byId.get(refundId)).toMatchObject({
          ...repaired,
          paymentId: payment.id,
          vendorRefundId: theirs.id,
        });
      expect(await statusOf(processed)).toBe('PROCESSED');
      expect(await bookedFor(processed.payment.id)).toEqual([...untilRefund, 'refund-processed']);
      expect(await statusOf(failed)).toBe('FAILED');
      expect(await bookedFor(failed.payment.id)).toEqual([...untilRefund, 'reversal']);
      expect(await reconcile(world, from, 'ALL')).toMatchObject({ statusDiffers: 0 });
    },
  );

  it('of YOUNG leaves refunds alone that are decided', async () => {
    const from = new Date();
    const { theirs } = await giveBack();
    razorpay.finishRefund(theirs.id, 'PROCESSED');
    await reconcile(world, from);
    expect(await reconcile(world, from, 'YOUNG')).toMatchObject({ total: 0, checked: 0 });
  });

  it('learns what became of a refund whose answer was lost', async () => {
    const from = new Date();
    razorpay.strike('refund', 'LOST_AFTER');
    const lost = await giveBack();
    expect(await statusOf(lost)).toBe('UNKNOWN');
    expect(findingsOf(await reconcile(world, from))).toMatchObject([
      { bucket: 'STATUS_DIFFERS', refundId: lost.refundId, isRepaired: true },
    ]);
    expect(await statusOf(lost)).toBe('PENDING');
  });

  it('takes money back into the books that a bank returned after all', async () => {
    const from = new Date();
    const returned = await giveBack();
    razorpay.finishRefund(returned.theirs.id, 'PROCESSED');
    await reconcile(world, from);
    razorpay.finishRefund(returned.theirs.id, 'FAILED');
    expect(findingsOf(await reconcile(world, from))).toMatchObject([
      { bucket: 'STATUS_DIFFERS', isRepaired: true },
    ]);
    expect(await bookedFor(returned.payment.id)).toEqual([
      ...untilRefund,
      'refund-processed',
      'reversal',
      'reversal',
    ]);
  });

  it('reports, with an alert, what it must not mend', async () => {
    const from = new Date();
    const unknownThere = await giveBack();
    razorpay.refunds.delete(unknownThere.theirs.id);
    const tooMuch = await giveBack();
    Object.assign(tooMuch.theirs, { amountMinor: 11_000, status: 'PROCESSED' });
    const resurrected = await giveBack();
    razorpay.finishRefund(resurrected.theirs.id, 'FAILED');
    await reconcile(world, from, 'YOUNG');
    Object.assign(resurrected.theirs, { status: 'PROCESSED' });
    alerts.length = 0;

    const report = await reconcile(world, from);
    expect(report).toMatchObject({ missingThere: 1, amountDiffers: 1, statusDiffers: 1 });
    const byId = new Map(findingsOf(report).map((finding) => [finding.refundId, finding]));
    expect(byId.get(unknownThere.refundId)).toMatchObject({ bucket: 'MISSING_THERE', found: null });
    expect(byId.get(tooMuch.refundId)).toMatchObject({
      bucket: 'AMOUNT_DIFFERS',
      expected: { amount: '100.00' },
      found: { amount: '110.00' },
    });
    expect(byId.get(resurrected.refundId)).toMatchObject({ bucket: 'STATUS_DIFFERS' });
    expect(findingsOf(report).map(({ isRepaired }) => isRepaired)).toEqual([false, false, false]);
    expect(await statusOf(unknownThere)).toBe('PENDING');
    expect(await statusOf(tooMuch)).toBe('PENDING');
    expect(await statusOf(resurrected)).toBe('FAILED');
    await expect.poll(() => alerts.filter(({ alert }) => alert === 'reconciliation')).toHaveLength(3);
  });

  it('reports money that went back without being asked for, and books nothing', async () => {
    const from = new Date();
    const { payment, theirs, refundId } = await giveBack();
    const add = (change: Partial<typeof theirs> & { readonly id: string }) =>
      razorpay.refunds.set(change.id, { ...theirs, status: 'PROCESSED', ...change });
    add({ id: 'rfnd_twice' });
    add({ id: 'rfnd_stray', refundId: null });
    add({ id: 'rfnd_by_hand', refundId: 'angry customer', vendorPaymentId: 'pay_of_nobody' });
    add({ id: 'rfnd_nothing_moved', refundId: null, status: 'FAILED' });

    const report = await reconcile(world, from);
    expect(report).toMatchObject({ total: 2, checked: 2, matched: 2, missingHere: 2, duplicate: 1 });
    const byId = new Map(findingsOf(report).map((finding) => [finding.vendorRefundId, finding]));
    expect(byId.size).toBe(3);
    const unrepaired = { found: { amount: '100.00' }, isRepaired: false };
    expect(byId.get('rfnd_twice')).toMatchObject({ ...unrepaired, bucket: 'DUPLICATE', refundId });
    const stray = { ...unrepaired, bucket: 'MISSING_HERE', refundId: null, expected: null };
    expect(byId.get('rfnd_stray')).toMatchObject({ ...stray, paymentId: payment.id });
    expect(byId.get('rfnd_by_hand')).toMatchObject({ ...stray, paymentId: null });
    expect((await readRefunds(world, payment)).refunds).toHaveLength(1);
    expect(await bookedFor(payment.id)).toEqual(untilRefund);
    await expect.poll(() => alerts.filter(({ alert }) => alert === 'reconciliation')).toHaveLength(3);
  });
});

describe('a comparison that is disturbed', () => {
  it('reports what it mended also when a vendor could not be asked about another', async () => {
    const from = new Date();
    const { payment } = await giveBack(undefined, '1.00');
    for (let count = 1; count < 20; count += 1) {
      const { theirs } = await giveBack(payment, '1.00');
      razorpay.finishRefund(theirs.id, 'PROCESSED');
    }
    razorpay.strike('findRefund', 'LOST_BEFORE');
    const done = reconcile(world, from);
    await retryReconciliation(world);
    expect(await done).toMatchObject({ total: 21, checked: 21, matched: 2, statusDiffers: 19 });
  });

  it('goes on with the refunds when a vendor could not be asked, and counts nothing twice', async () => {
    const from = new Date();
    const { payment } = await giveBack(undefined, '1.00');
    for (let count = 1; count < 30; count += 1) await giveBack(payment, '1.00');
    razorpay.strike('findRefund', 'LOST_BEFORE');
    const done = reconcile(world, from);
    await retryReconciliation(world);
    expect(await done).toMatchObject({ total: 31, checked: 31, matched: 31 });
  });

  it('counts and books nothing twice when several processes are at it', async () => {
    const from = new Date();
    const { payment, theirs } = await giveBack(undefined, '1.00');
    for (let count = 1; count < 30; count += 1) await giveBack(payment, '1.00');
    razorpay.finishRefund(theirs.id, 'PROCESSED');
    const reportId = await startReconciliation(world, from);
    for (let process = 0; process < 3; process += 1)
      await world.pool.query(`select graphile_worker.add_job('reconcile', $1)`, [
        JSON.stringify({ reportId }),
      ]);
    const { total, checked } = await waitForReport(world, ({ id }) => id === reportId);
    expect({ total, checked }).toEqual({ total: 31, checked: 31 });
    const booked = await bookedFor(payment.id);
    expect(booked.filter((what) => what === 'refund-processed')).toHaveLength(1);
  });
});
