import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PaymentStatus } from '../src/generated/prisma/enums.ts';
import { canFollow } from '../src/payment/payment-status.rules.ts';
import { type Plot, plot, Story } from './interleaving.fixture.ts';
import { SimulatedOwner } from './owner.fixture.ts';
import { readPayment } from './payments.fixture.ts';
import { deliver, type SimulatedWorld, startSimulated } from './simulated.fixture.ts';
import { SimulatedGateway } from './simulated-gateway.fixture.ts';

/** Stories are played this many at a time, so they disturb one another too. */
const atOnce = 8;
/** How many stories: `PAYMENTS_MODEL_STORIES=20000` plays for about an hour. */
const stories = Number(process.env.PAYMENTS_MODEL_STORIES ?? 96);
const seed = Number(process.env.PAYMENTS_MODEL_SEED ?? 20_261_121);

const gateways = [
  new SimulatedGateway({ name: 'RAZORPAY', feeMinor: 200 }),
  new SimulatedGateway({ name: 'PAYTM', feeMinor: 100 }),
];
let owner = new SimulatedOwner();
let world: SimulatedWorld;

beforeAll(async () => {
  world = await startSimulated(gateways, { onEvent: (event) => owner.consume(event) });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Everything that was on its way arrives, twice, and every job that is left is done. */
async function comeToRest(played: readonly Story[]): Promise<void> {
  for (const gateway of gateways) gateway.calm();
  // A process that ended has no lease: what it had claimed is free.
  await world.pool.query("update payment set order_claimed_by = 'dead' where order_claimed_by is not null");
  for (let round = 0; round < 4; round += 1) {
    await world.pool.query(
      `update graphile_worker._private_jobs job set run_at = now() from graphile_worker._private_tasks task
        where task.id = job.task_id and task.identifier = 'resolve-payment' and locked_at is null`,
    );
    await untilIdle();
    for (const gateway of gateways) {
      for (const { id, status } of gateway.refunds.values())
        if (status === 'PENDING') gateway.finishRefund(id, 'PROCESSED');
      await Promise.all(gateway.outbox.map((webhook) => deliver(world, gateway, webhook)));
      gateway.outbox.length = 0;
    }
    await untilIdle();
    // A wish for what is not there any more stays one, and would be a dead letter.
    await Promise.allSettled(owner.answers.map((answer) => world.app.consume(answer)));
  }
  await untilIdle();
  for (const story of played) for (const id of story.paymentIds) await expectEven(story, id);
  const { rows } = await world.pool.query(
    `select p.account from (select account, currency, sum(amount_minor) as posted from ledger_posting group by 1, 2) p
       left join (select account, currency, sum(balance_minor) as kept from ledger_balance group by 1, 2) b
         using (account, currency) where posted is distinct from kept
     union all select null from ledger_posting group by currency having sum(amount_minor) <> 0`,
  );
  expect(rows).toEqual([]);
  await world.pool.query('delete from graphile_worker._private_jobs');
  forget();
}

const planned = "('resolve-payment', 'schedule-reconciliation', 'payments-housekeeping')";
const restDeadlineMs = 20_000;

/**
 * Until no job but the planned checks of payments is left; what waits for later is due now. A check that another took
 * the place of while it ran is not tried again when it fails.
 */
async function untilIdle(): Promise<void> {
  const deadline = Date.now() + restDeadlineMs;
  for (;;) {
    const { rows } = await world.pool.query(
      `select task_identifier as task, attempts, last_error as error, run_at - now() as due from graphile_worker.jobs
        where task_identifier not in ${planned} or (run_at <= now() and attempts < max_attempts) or locked_at is not null`,
    );
    if (rows.length === 0) return;
    if (Date.now() > deadline) throw new Error(`it does not come to rest: ${JSON.stringify(rows)}`);
    await world.pool.query(
      `update graphile_worker._private_jobs job set run_at = now() from graphile_worker._private_tasks task
        where task.id = job.task_id and task.identifier not in ${planned} and locked_at is null and run_at > now()`,
    );
    await world.pool.query(`select pg_notify('jobs:insert', '{"r":"0","count":8}')`);
    await settleRefunds();
  }
}

/** Banks answer in the end, or a refund's job would ask for ever. */
async function settleRefunds(): Promise<void> {
  for (const gateway of gateways)
    for (const { id, status } of gateway.refunds.values())
      if (status === 'PENDING') gateway.finishRefund(id, 'PROCESSED');
}

function forget(): void {
  for (const gateway of gateways)
    for (const books of [gateway.orders, gateway.payments, gateway.refunds, gateway.closed]) books.clear();
  owner = new SimulatedOwner();
  world.clock.aheadMs = 0;
}

/** The invariants of the money flow, for one payment at rest. */
async function expectEven(story: Story, id: string): Promise<void> {
  const { rows } = await world.pool.query(
    `select vendor_order_id as "orderId", vendor_payment_id as "vendorPaymentId", gateway, status, settlement, checkout,
       amount_minor::int as amount, refund_reserved_minor::int as reserved, refunded_minor::int as refunded
       from payment where id = $1`,
    [id],
  );
  const payment = rows[0];
  const gateway = gateways.find(({ terms }) => terms.name === payment.gateway);
  const held = payment.orderId ? gateway!.heldFor(payment.orderId) : 0;
  const about = { id, ...payment, held };
  const isLost = ['FAILED', 'EXPIRED', 'CANCELLED'].includes(payment.status);
  if (isLost && payment.checkout === 'UPI_QR' && payment.orderId)
    expect({ about, isClosed: gateway!.closed.has(payment.orderId) }).toEqual({ about, isClosed: true });
  if (payment.status === 'QUARANTINED') {
    expect({ about, allocated: owner.allocated.get(id) ?? 0 }).toEqual({ about, allocated: 0 });
    return;
  }
  // captured = allocated + refunded: what the vendor still holds is what the owner has.
  expect({ about, held }).toEqual({ about, held: owner.allocated.get(id) ?? 0 });
  expect({ about, reserved: payment.reserved }).toEqual({ about, reserved: payment.refunded });
  const isTaken = ['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(payment.status);
  if (isTaken) expect({ about, held }).toEqual({ about, held: payment.amount - payment.refunded });
  else expect({ about, held }).toEqual({ about, held: 0 });
  if (isTaken)
    expect({ about, settlement: payment.settlement }).not.toEqual({ about, settlement: 'PENDING' });
  expect({ about, books: await booksOf(id) }).toEqual({
    about,
    books: isTaken && held > 0 ? { MERCHANT: -held, VENDOR: held } : {},
  });
  await expectLawful(story, id);
}

/** What is left on each account; fees count as held by the vendor. */
async function booksOf(id: string): Promise<Record<string, number>> {
  const { rows } = await world.pool.query(
    `select case when account in ('VENDOR_CLEARING', 'FEES') then 'VENDOR' else account::text end as account,
       sum(amount_minor)::int as balance
       from ledger_posting p join ledger_entry e on e.id = p.entry_id
      where payment_id = $1 group by 1 having sum(amount_minor) <> 0 order by 1`,
    [id],
  );
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

/** Every change that a client was shown is one that the table allows, and none is missing. */
async function expectLawful(story: Story, id: string): Promise<void> {
  const { timeline } = await readPayment(world, story.actor, id);
  for (const [number, { status, previousStatus }] of timeline.entries()) {
    const before = timeline[number - 1]?.status ?? null;
    expect(previousStatus).toBe(before);
    const isLawful =
      before === null || before === status || canFollow(before as PaymentStatus, status as PaymentStatus);
    expect({ id, before, status, isLawful }).toEqual({ id, before, status, isLawful: true });
  }
}

it(`keeps the invariants of the money flow through ${stories} random stories, ${atOnce} at once`, async () => {
  const batch = fc.array(plot, { minLength: atOnce, maxLength: atOnce });
  await fc.assert(
    fc.asyncProperty(batch, async (plots: readonly Plot[]) => {
      const played = plots.map(() => new Story({ world, gateways, owner }));
      await Promise.all(played.map((story, number) => story.play(plots[number]!)));
      await comeToRest(played);
    }),
    { numRuns: Math.ceil(stories / atOnce), seed, endOnFailure: true },
  );
}, 3_600_000);
