import { uuidv7 } from '@suvidha/db';
import { testIdentity } from '@suvidha/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hurry, initiate, inQuarterOfAnHour, newDebt, readPayment, returnUrl } from './payments.fixture.ts';
import { admin, operator } from './refunds.fixture.ts';
import { type SimulatedWorld, startSimulated } from './simulated.fixture.ts';
import { SimulatedGateway } from './simulated-gateway.fixture.ts';

const razorpay = new SimulatedGateway({ name: 'RAZORPAY', feeMinor: 10 });
let world: SimulatedWorld;

beforeAll(async () => {
  world = await startSimulated([razorpay]);
});
beforeEach(() => razorpay.calm());
afterAll(() => world[Symbol.asyncDispose]());

/** A payment whose webhooks are never delivered. */
async function startSilent() {
  const { actor, request } = newDebt();
  const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
  const input = { paymentRequest, idempotencyKey: uuidv7(), returnUrl };
  const { payment } = await initiate(world, actor, input);
  return { actor, id: payment!.id, orderId: razorpay.ordersOf(payment!.id)[0]!.id };
}

async function call(query: string, variables: object, actor: typeof admin = admin) {
  const { data, errors } = await world.app.execute(
    { query, variables: { ...variables } },
    testIdentity(actor),
  );
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  return data!;
}

interface Report {
  readonly id: string;
  readonly status: string;
  readonly scope: string;
  readonly total: number;
  readonly checked: number;
  readonly isLedgerEven: boolean | null;
  readonly findings: { readonly edges: readonly { readonly node: Record<string, unknown> }[] };
}

const startMutation = `mutation ($input: StartReconciliationInput!) {
  startReconciliation(input: $input) { report { id } userErrors { code field } }
}`;

const reportsQuery = `{ reconciliationReports(first: 20) { edges { node {
  id status scope total checked matched missingHere missingThere amountDiffers duplicate isLedgerEven
  findings(first: 50) { edges { node {
    bucket gateway paymentId vendorPaymentId expected { amount } found { amount } isRepaired
  } } }
} } } }`;

async function readReports(): Promise<Report[]> {
  const { reconciliationReports } = await call(reportsQuery, {});
  return (reconciliationReports as { edges: { node: Report }[] }).edges.map(({ node }) => node);
}

async function waitForReport(isWanted: (report: Report) => boolean): Promise<Report> {
  for (;;) {
    const report = (await readReports()).find(isWanted);
    if (report?.status === 'DONE') return report;
  }
}

/** Compares everything that was started since, and waits for the outcome. */
async function reconcile(from: Date, scope = 'ALL'): Promise<Report> {
  const input = { scope, from: from.toISOString(), to: new Date(Date.now() + 1_000).toISOString() };
  const { startReconciliation } = await call(startMutation, { input });
  const { id } = (startReconciliation as { report: { id: string } }).report;
  return waitForReport((report) => report.id === id);
}

const findingsOf = ({ findings }: Report) => findings.edges.map(({ node }) => node);

describe('startReconciliation', () => {
  it('sorts into five buckets, repairs what is safe and reports the rest', async () => {
    const from = new Date();
    const [matched, missingHere, missingThere, differs, duplicate] = await Promise.all(
      Array.from({ length: 5 }, startSilent),
    );
    razorpay.pay(matched!.orderId, 'FAILED');
    razorpay.pay(missingHere!.orderId, 'CAPTURED');
    const lost = razorpay.pay(missingThere!.orderId, 'CAPTURED')!;
    await verify(missingThere!);
    razorpay.payments.delete(lost.id);
    razorpay.pay(differs!.orderId, 'CAPTURED', 100);
    const first = razorpay.pay(duplicate!.orderId, 'CAPTURED')!;
    razorpay.payments.set('pay_again', { ...first, id: 'pay_again' });
    razorpay.payments.set('pay_stray', { ...first, id: 'pay_stray', orderId: null });

    const report = await reconcile(from);
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
    expect(await statusOf(missingHere!)).toBe('CAPTURED');
    expect(await statusOf(differs!)).toBe('QUARANTINED');
    razorpay.payments.clear();
  });

  it('goes on where it was left when a vendor could not be asked, and counts nothing twice', async () => {
    const from = new Date();
    await Promise.all(Array.from({ length: 30 }, startSilent));
    razorpay.strike('listPayments', 'LOST_BEFORE');
    const done = reconcile(from);
    const untilFailed = async () => {
      for (;;) {
        const { rows } = await world.pool.query(
          "select 1 from graphile_worker.jobs where task_identifier = 'reconcile' and attempts > 0 and locked_at is null",
        );
        if (rows.length > 0) return;
      }
    };
    await untilFailed();
    await hurry(world, 'reconcile');
    expect(await done).toMatchObject({ total: 30, checked: 30, matched: 30 });
  });

  it.each([
    ['no length', 0],
    ['more than 31 days', 32 * 86_400_000],
    ['a negative length', -1],
  ])('refuses a period of %s', async (_what, lengthMs) => {
    const from = new Date('2026-01-01T00:00:00Z');
    const input = { from: from.toISOString(), to: new Date(from.getTime() + lengthMs).toISOString() };
    const { startReconciliation } = await call(startMutation, { input });
    expect(startReconciliation).toEqual({
      report: null,
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'to'] }],
    });
  });

  it('is for admins', async () => {
    await expect(call(reportsQuery, {}, operator)).rejects.toThrow('FORBIDDEN');
  });
});

describe('on schedule', () => {
  it('young undecided payments are compared, and the next comparison is planned', async () => {
    const { id, orderId, actor } = await startSilent();
    razorpay.pay(orderId, 'CAPTURED');
    const known = new Set((await readReports()).map((report) => report.id));
    world.clock.aheadMs = 10 * 60_000;
    try {
      await hurry(world, 'schedule-reconciliation');
      const report = await waitForReport((one) => one.scope === 'YOUNG' && !known.has(one.id));
      expect(report.isLedgerEven).toBeNull();
      expect(await statusOf({ id, actor })).toBe('CAPTURED');
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

const statusOf = async ({ actor, id }: Pick<Awaited<ReturnType<typeof startSilent>>, 'actor' | 'id'>) =>
  (await readPayment(world, actor, id)).status;

async function verify({ actor, id }: Awaited<ReturnType<typeof startSilent>>): Promise<void> {
  const query =
    'mutation ($input: VerifyPaymentInput!) { verifyPayment(input: $input) { payment { status } } }';
  const { data } = await world.app.execute(
    { query, variables: { input: { paymentId: id } } },
    testIdentity(actor),
  );
  expect(data).toMatchObject({ verifyPayment: { payment: { status: 'CAPTURED' } } });
}
