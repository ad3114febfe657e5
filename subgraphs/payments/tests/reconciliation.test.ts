import { createLog } from '@suvidha/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hurry, readPayment } from './payments.fixture.ts';
import {
  call,
  findingsOf,
  readReports,
  reconcile,
  reportsQuery,
  retryReconciliation,
  type SilentPayment,
  startMutation,
  startSilent,
  verify,
  waitForReport,
} from './reconciliation.fixture.ts';
import { operator } from './refunds.fixture.ts';
import { type SimulatedWorld, startSimulated } from './simulated.fixture.ts';
import { SimulatedGateway } from './simulated-gateway.fixture.ts';

const razorpay = new SimulatedGateway({ name: 'RAZORPAY', feeMinor: 10 });
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
afterAll(() => world[Symbol.asyncDispose]());

const start = () => startSilent(world, razorpay);

const statusOf = async ({ actor, id }: SilentPayment) => (await readPayment(world, actor, id)).status;

describe('startReconciliation', () => {
  it('sorts into five buckets, repairs what is safe and reports the rest', async () => {
    const from = new Date();
    const [matched, missingHere, missingThere, differs, duplicate] = await Promise.all(
      Array.from({ length: 5 }, start),
    );
    razorpay.pay(matched!.orderId, 'FAILED');
    razorpay.pay(missingHere!.orderId, 'CAPTURED');
    const lost = razorpay.pay(missingThere!.orderId, 'CAPTURED')!;
    await verify(world, missingThere!);
    razorpay.payments.delete(lost.id);
    razorpay.pay(differs!.orderId, 'CAPTURED', 100);
    const first = razorpay.pay(duplicate!.orderId, 'CAPTURED')!;
    razorpay.payments.set('pay_again', { ...first, id: 'pay_again' });
    razorpay.payments.set('pay_stray', { ...first, id: 'pay_stray', orderId: null });

    const report = await reconcile(world, from);
    expect(report).toMatchObject({
      scope: 'ALL',
      total: 5,
      checked: 5,
      matched: 1,
      missingHere: 2,
      missingThere: 1,
      amountDiffers: 1,
      duplicate: 1,
      isLedgerEven: true,
    });
    const byPayment = (id: string) => findingsOf(report).find(({ paymentId }) => paymentId === id);
    expect(byPayment(missingHere!.id)).toMatchObject({ bucket: 'MISSING_HERE', isRepaired: true });
    expect(byPayment(missingThere!.id)).toMatchObject({
      bucket: 'MISSING_THERE',
      isRepaired: false,
      found: null,
    });
    expect(byPayment(differs!.id)).toMatchObject({
      bucket: 'AMOUNT_DIFFERS',
      expected: { amount: '499.00' },
      found: { amount: '1.00' },
      isRepaired: false,
    });
    expect(byPayment(duplicate!.id)).toMatchObject({ bucket: 'DUPLICATE' });
    expect(findingsOf(report)).toContainEqual(
      expect.objectContaining({ vendorPaymentId: 'pay_stray', paymentId: null, bucket: 'MISSING_HERE' }),
    );
    await expect.poll(() => alerts.filter(({ alert }) => alert === 'reconciliation')).toHaveLength(5);
    expect(await statusOf(missingHere!)).toBe('CAPTURED');
    expect(await statusOf(differs!)).toBe('QUARANTINED');
    razorpay.payments.clear();
  });

  it('goes on where it was left when a vendor could not be asked, and counts nothing twice', async () => {
    const from = new Date();
    await Promise.all(Array.from({ length: 30 }, start));
    razorpay.strike('listPayments', 'LOST_BEFORE');
    const done = reconcile(world, from);
    await retryReconciliation(world);
    expect(await done).toMatchObject({ total: 30, checked: 30, matched: 30 });
  });

  it('tells when a balance that is kept is not what all postings say', async () => {
    const drift = (paise: number) =>
      world.pool.query(
        `update ledger_balance set balance_minor = balance_minor + $1
          where (account, currency, shard) in
            (select account, currency, shard from ledger_balance order by 1, 2, 3 limit 1)`,
        [paise],
      );
    const from = new Date();
    const payment = await start();
    razorpay.pay(payment.orderId, 'CAPTURED');
    await verify(world, payment);
    await drift(1);
    try {
      expect(await reconcile(world, from)).toMatchObject({ matched: 1, isLedgerEven: false });
      expect(alerts).toMatchObject([{ alert: 'ledger-uneven' }]);
    } finally {
      await drift(-1);
    }
    alerts.length = 0;
    expect(await reconcile(world, from)).toMatchObject({ matched: 1, isLedgerEven: true });
    expect(alerts).toEqual([]);
  });

  it.each([
    ['no length', 0],
    ['more than 30 days', 31 * 86_400_000],
    ['a negative length', -1],
  ])('refuses a period of %s', async (_what, lengthMs) => {
    const from = new Date('2026-01-01T00:00:00Z');
    const input = { from: from.toISOString(), to: new Date(from.getTime() + lengthMs).toISOString() };
    const { startReconciliation } = await call(world, startMutation, { input });
    expect(startReconciliation).toEqual({
      report: null,
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'to'] }],
    });
  });

  it('is for admins', async () => {
    await expect(call(world, reportsQuery, {}, operator)).rejects.toThrow('FORBIDDEN');
  });
});

describe('on schedule', () => {
  it('young undecided payments are compared, and the next comparison is planned', async () => {
    const payment = await start();
    razorpay.pay(payment.orderId, 'CAPTURED');
    const known = new Set((await readReports(world)).map((report) => report.id));
    world.clock.aheadMs = 10 * 60_000;
    try {
      await hurry(world, 'schedule-reconciliation');
      const report = await waitForReport(world, (one) => one.scope === 'YOUNG' && !known.has(one.id));
      expect(report.isLedgerEven).toBeNull();
      expect(await statusOf(payment)).toBe('CAPTURED');
      const { rows } = await world.pool.query(
        `select count(*)::int as planned from graphile_worker.jobs
          where task_identifier = 'schedule-reconciliation' and run_at > now()`,
      );
      expect(rows).toEqual([{ planned: 2 }]);
    } finally {
      world.clock.aheadMs = 0;
    }
  });
});
