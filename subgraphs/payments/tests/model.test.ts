import { billingVariables, createBillingApp } from '@suvidha/billing';
import { loadConfig } from '@suvidha/config';
import { createPool, uuidv7 } from '@suvidha/db';
import { demoPeople } from '@suvidha/demo';
import { createInProcessBus, type DomainEvent, type EventTransport } from '@suvidha/events';
import type { SubgraphApp } from '@suvidha/subgraph';
import { createTestEnvironment, testActor, testDependencies, testIdentity } from '@suvidha/testing';
import * as fc from 'fast-check';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPaymentsApp, paymentsVariables } from '../src/index.ts';
import {
  hurry,
  initiate,
  listenForWebhooks,
  readPayment,
  returnUrl,
  type StatusEvent,
  vendorEnvironment,
} from './payments.fixture.ts';
import { Vendor, type VendorScenario } from './vendor.fixture.ts';

/** One thing that a payer, the vendor, the network or the clock does. Attempts are picked by number, modulo their count. */
type Step =
  | { readonly kind: 'initiate'; readonly part: 'half' | 'all' }
  | { readonly kind: 'repeat'; readonly attempt: number }
  | { readonly kind: 'pay'; readonly attempt: number; readonly outcome: 'success' | 'decline' }
  | { readonly kind: 'late'; readonly attempt: number }
  | { readonly kind: 'strike'; readonly scenario: VendorScenario }
  | { readonly kind: 'disturbDelivery'; readonly how: 'fail' | 'repeat' }
  | { readonly kind: 'redeliver'; readonly event: number }
  | { readonly kind: 'janitor' };

const strikes: readonly VendorScenario[] = [
  { call: 'create-order', fault: 'reset', when: 'before' },
  { call: 'create-order', fault: 'reset', when: 'after' },
  { call: 'create-order', fault: '500', when: 'after' },
  { call: 'create-refund', fault: 'reset', when: 'after' },
  { call: 'fetch-payment', fault: '500' },
  { call: 'send-webhook', fault: 'lost' },
  { call: 'send-webhook', fault: 'duplicate', times: 2 },
  { call: 'send-webhook', fault: 'reordered', times: 2 },
  { call: 'send-webhook', fault: 'delayed', delayMs: 5 },
];

const attempt = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('initiate' as const), part: fc.constantFrom('half', 'all') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), attempt }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      attempt,
      outcome: fc.constantFrom('success', 'success', 'decline'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late' as const), attempt }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('strike' as const), scenario: fc.constantFrom(...strikes) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('disturbDelivery' as const),
      how: fc.constantFrom('fail', 'repeat'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('redeliver' as const), event: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('janitor' as const) }) },
);

const actor = testActor({ userId: demoPeople.customer.id });
const billAmountMinor = 50_000;

let vendor: Vendor;
let payments: { readonly app: SubgraphApp; readonly pool: Pool };
let billing: { readonly app: SubgraphApp; readonly pool: Pool };
let close: () => Promise<void>;

const delivered: { readonly consumer: string; readonly event: DomainEvent }[] = [];
const disturbances: ('fail' | 'repeat')[] = [];

/** Delivers events in process, and now and then not, or twice at once. */
const transport: EventTransport = async (consumer, event) => {
  const app = consumer === 'billing' ? billing.app : payments.app;
  const disturbance = disturbances.shift();
  delivered.push({ consumer, event });
  await Promise.all([app.consume(event), ...(disturbance === 'repeat' ? [app.consume(event)] : [])]);
  if (disturbance === 'fail') throw new Error('committed, and nobody heard of it');
};

const openPool = (url: string) => createPool(url, { applicationName: 'test', max: 2 });

beforeAll(async () => {
  vendor = await Vendor.start();
  const bus = createInProcessBus();
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signingKey = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'billing', alg: 'ES256' });
  const billingConfig = loadConfig(billingVariables, {
    ...(await createTestEnvironment('billing')),
    BILLING_SIGNING_KEY: signingKey,
    LOG_LEVEL: 'silent',
  });
  const billingApp = await createBillingApp({ ...testDependencies(billingConfig), bus, transport });
  const paymentsConfig = loadConfig(paymentsVariables, {
    ...(await createTestEnvironment('payments')),
    ...vendorEnvironment(vendor),
    LOG_LEVEL: 'silent',
  });
  const paymentsApp = await createPaymentsApp({
    ...testDependencies(paymentsConfig),
    bus,
    transport,
    paymentRequestKeys: { billing: createLocalJWKSet(billingApp.jwks) },
  });
  billing = { app: billingApp, pool: openPool(billingConfig.database.url) };
  payments = { app: paymentsApp, pool: openPool(paymentsConfig.database.url) };
  const inbound = await listenForWebhooks(paymentsApp);
  await vendor.sendWebhooksTo(`${inbound.url}/webhooks/razorpay`);
  await Promise.all([billingApp.start(), paymentsApp.start()]);
  close = async () => {
    await inbound[Symbol.asyncDispose]();
    await Promise.all([billingApp.stop(), paymentsApp.stop(), billing.pool.end(), payments.pool.end()]);
    await vendor[Symbol.asyncDispose]();
  };
});
afterAll(() => close());

interface Attempt {
  readonly id: string;
  readonly input: Parameters<typeof initiate>[2];
  readonly events: StatusEvent[];
  readonly leave: () => Promise<void>;
}

/** What happens to one bill of its own. */
class Story {
  readonly #billId: string;
  readonly attempts: Attempt[] = [];
  readonly #vendorPaymentIds: string[] = [];

  private constructor(billId: string) {
    this.#billId = billId;
  }

  static async begin(): Promise<Story> {
    const billId = uuidv7();
    await billing.pool.query(
      `insert into bill (id, bill_number, connection_id, user_id, amount_minor, currency,
         period_start, period_end, due_at, issued_at)
       select $1, $4, id, user_id, $2, 'INR', clock_timestamp() + random() * interval '1000 years', now(), now(), now()
         from connection where user_id = $3 limit 1`,
      [billId, billAmountMinor, actor.userId, billId],
    );
    return new Story(billId);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'initiate':
        return this.#initiate(step.part === 'half' ? String(billAmountMinor / 200) : null);
      case 'repeat':
        return this.#repeat(step.attempt);
      case 'pay':
        return this.#pay(step);
      case 'late':
        return this.#answerLate(step.attempt);
      case 'strike':
        return vendor.strike(step.scenario);
      case 'disturbDelivery':
        disturbances.push(step.how);
        return;
      case 'redeliver':
        return redeliver(step.event);
      case 'janitor':
        return hurry(payments, 'resolve-payment');
    }
  }

  async #initiate(amount: string | null): Promise<void> {
    const query = `query ($id: ID!, $amount: Decimal) { bill(id: $id) { paymentRequest(amount: $amount) { token } } }`;
    const call = { query, variables: { id: this.#billId, amount } };
    const { data } = await billing.app.execute(call, testIdentity(actor));
    const token = (data?.bill as { paymentRequest: { token: string } | null } | null)?.paymentRequest?.token;
    if (!token) return;
    const input = { paymentRequest: token, idempotencyKey: uuidv7(), returnUrl };
    const answers = await Promise.all([initiate(payments, actor, input), initiate(payments, actor, input)]);
    // The slower of the two may be told to come again.
    const ids = new Set(answers.flatMap(({ payment }) => payment?.id ?? []));
    expect(ids.size).toBeLessThanOrEqual(1);
    const [id] = ids;
    if (id) this.attempts.push({ id, input, ...(await watch(id)) });
  }

  async #repeat(number: number): Promise<void> {
    const attempt = pick(this.attempts, number);
    if (!attempt) return;
    const { payment, userErrors } = await initiate(payments, actor, attempt.input);
    if (payment) expect(payment.id).toBe(attempt.id);
    else expect(userErrors).toMatchObject([{ code: 'IDEMPOTENCY_IN_PROGRESS' }]);
  }

  async #pay({ attempt: number, outcome }: { attempt: number; outcome: string }): Promise<void> {
    const attempt = pick(this.attempts, number);
    const checkoutUrl = attempt && (await readPayment(payments, actor, attempt.id)).checkoutUrl;
    if (!checkoutUrl) return;
    // The page refuses who has paid already.
    const paid = await vendor.pay(checkoutUrl, outcome).catch(() => null);
    if (paid) this.#vendorPaymentIds.push(paid);
  }

  async #answerLate(number: number): Promise<void> {
    const vendorPaymentId = pick(this.#vendorPaymentIds, number);
    if (vendorPaymentId) await vendor.answerLate(vendorPaymentId).catch(() => undefined);
  }

  /** Lets everything come to rest, then compares the books of vendor, payments and billing. */
  async settle(): Promise<void> {
    await vendor.calm();
    disturbances.length = 0;
    await comeToRest();
    const { rows: bills } = await billing.pool.query(
      `select status::text, paid_amount_minor::int as paid,
         coalesce((select sum(amount_minor) from allocation where bill_id = bill.id), 0)::int as allocated
         from bill where id = $1`,
      [this.#billId],
    );
    const [bill] = bills;
    expect(bill.paid).toBe(bill.allocated);
    expect(bill.paid).toBeLessThanOrEqual(billAmountMinor);
    expect(bill.status).toBe(bill.paid === billAmountMinor ? 'PAID' : 'DUE');
    const { rows: paid } = await billing.pool.query(
      `select count(*)::int from event_log where aggregate_id = $1 and type = 'bill.paid'`,
      [this.#billId],
    );
    expect(paid).toEqual([{ count: bill.status === 'PAID' ? 1 : 0 }]);
    const state = await vendor.state();
    for (const attempt of this.attempts) await expectBalanced(attempt, state);
    // What the janitor has planned for days to come is not for the next story.
    await payments.pool.query('delete from graphile_worker._private_jobs');
  }
}

function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(list.length, 1)];
}

async function redeliver(number: number): Promise<void> {
  const again = pick(delivered, number);
  if (!again) return;
  await (again.consumer === 'billing' ? billing.app : payments.app).consume(again.event);
}

/** Collects what a client is pushed, from the first state on. */
async function watch(id: string): Promise<Pick<Attempt, 'events' | 'leave'>> {
  const query = `subscription ($id: ID!) {
    paymentStatusChanged(paymentId: $id, after: "0") { cursor status previousStatus settlement }
  }`;
  const stream = await payments.app.subscribe({ query, variables: { id } }, testIdentity(actor));
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  const events: StatusEvent[] = [];
  const reading = (async () => {
    for await (const { data } of stream) events.push(data?.paymentStatusChanged as StatusEvent);
  })();
  return {
    events,
    leave: async () => {
      await stream.return?.();
      await reading;
    },
  };
}

/** Webhooks delivered, failed jobs repeated, the janitor round once; again until nothing is left to do. */
async function comeToRest(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await vendor.waitFor(({ razorpay }) => razorpay.webhooks.every(({ state }) => state !== 'pending'));
    await hurry(payments, 'resolve-payment');
    await Promise.all([untilIdle(payments.pool), untilIdle(billing.pool)]);
    await Promise.all([untilIdle(payments.pool), untilIdle(billing.pool)]);
  }
}

const planned = "('resolve-payment', 'schedule-reconciliation', 'payments-housekeeping')";

/** Runs every job that is left but those that are planned for later. */
async function untilIdle(pool: Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      `select count(*)::int as count from graphile_worker.jobs
        where task_identifier not in ${planned} or run_at <= now() or locked_at is not null`,
    );
    if (rows[0].count === 0) return;
    await pool.query(
      `update graphile_worker._private_jobs job set run_at = now() from graphile_worker._private_tasks task
        where task.id = job.task_id and task.identifier not in ${planned} and locked_at is null and run_at > now()`,
    );
    await pool.query(`select pg_notify('jobs:insert', '{"r":"0","count":8}')`);
  }
}

async function expectBalanced(
  { id, events, leave }: Attempt,
  { razorpay }: Awaited<ReturnType<Vendor['state']>>,
): Promise<void> {
  const orderIds = razorpay.orders.filter(({ receipt }) => receipt === id).map((order) => order.id);
  const sum = (rows: readonly { amount: number }[]) => rows.reduce((total, { amount }) => total + amount, 0);
  const attempts = razorpay.payments.filter((paid) => orderIds.includes(paid.order_id));
  const captured = sum(attempts.filter(({ status }) => ['captured', 'refunded'].includes(status)));
  const refunded = sum(
    razorpay.refunds.filter(({ payment_id }) => attempts.some((paid) => paid.id === payment_id)),
  );
  const { rows } = await billing.pool.query(
    'select coalesce(sum(amount_minor), 0)::int as allocated from allocation where payment_id = $1',
    [id],
  );
  expect({ id, captured }).toEqual({ id, captured: rows[0].allocated + refunded });

  const payment = await readPayment(payments, actor, id);
  if (captured > 0) expect(payment.status).toBe(refunded > 0 ? 'REFUNDED' : 'CAPTURED');
  if (captured > 0) expect(payment.settlement).toBe(refunded > 0 ? 'REJECTED' : 'SETTLED');
  expect(events).toEqual(payment.timeline);
  expect(events.at(-1)).toMatchObject({ status: payment.status, settlement: payment.settlement });
  await leave();
}

it('captured = allocated + refunded, and every client knows it, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const story = await Story.begin();
      for (const next of steps) await story.take(next);
      await story.settle();
    }),
    { numRuns: 60, seed: 20_261_121, endOnFailure: true },
  );
});
