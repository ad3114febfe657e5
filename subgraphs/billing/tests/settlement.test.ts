import { uuidv7 } from '@suvidha/db';
import type { DomainEvent } from '@suvidha/events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BilledCustomer, createCustomer } from './support/billed-customer.ts';
import { type BillingFixture, type Json, startBilling } from './support/billing.fixture.ts';
import { capturedPayment } from './support/captured-payment.ts';

let fixture: BillingFixture;
let customer: BilledCustomer;
let billId: string;

beforeAll(async () => {
  fixture = await startBilling();
});

beforeEach(async () => {
  customer = await createCustomer(fixture.pool);
  billId = await customer.addBill({ amountMinor: 100_000 });
});

afterAll(() => fixture[Symbol.asyncDispose]());

const consume = (event: DomainEvent) => fixture.app.consume(event);

/** What came of it: the bill as its customer sees it, its event log, its allocations, and the jobs for payments. */
async function outcomeOf(id = billId): Promise<Json> {
  const query = 'query ($id: ID!) { bill(id: $id) { status amountDue { amount } } }';
  const rows = async (text: string) => (await fixture.pool.query(text, [id])).rows;
  return {
    bill: (await fixture.execute(query, { id }, customer.actor)).data.bill,
    events: await rows(
      'select type, version, payload from event_log where aggregate_id = $1 order by version',
    ),
    allocated: (await rows('select amount_minor from allocation where bill_id = $1 order by id')).map((row) =>
      Number(row.amount_minor),
    ),
    jobs: (
      await rows(
        `select payload from graphile_worker._private_jobs
          where payload->'event'->>'aggregateId' = $1 order by id`,
      )
    ).map(({ payload }) => payload),
  };
}

const paid = { status: 'PAID', amountDue: { amount: '0.00' } };
const unpaid = { status: 'DUE', amountDue: { amount: '1000.00' } };

describe('payment.captured', () => {
  it('pays the bill and tells payments, by one job', async () => {
    const event = capturedPayment(billId);
    await consume(event);
    const { paymentId, payable, amountMinor, currency } = event.payload;
    const settled = { paymentId, payable, amountMinor, currency };
    const { bill, events, allocated, jobs } = await outcomeOf();
    expect(bill).toEqual(paid);
    expect(allocated).toEqual([100_000]);
    expect(events).toEqual([
      { type: 'bill.paid', version: 1, payload: { billId, userId: customer.actor.userId, paymentId } },
      { type: 'payable.settled', version: 2, payload: settled },
    ]);
    expect(jobs).toMatchObject([
      { consumer: 'payments', event: { type: 'payable.settled', version: 2, payload: settled } },
    ]);
  });

  it('counts once, however often and at the same time it comes', async () => {
    const event = capturedPayment(billId, { amountMinor: 40_000 });
    await Promise.all(Array.from({ length: 10 }, () => consume(event)));
    await consume(event);
    const { bill, events, allocated, jobs } = await outcomeOf();
    expect(bill).toEqual({ status: 'DUE', amountDue: { amount: '600.00' } });
    expect(allocated).toEqual([40_000]);
    expect([events.length, jobs.length]).toEqual([1, 1]);
  });

  it('is never allocated twice, not even under another event id', async () => {
    const event = capturedPayment(billId, { amountMinor: 40_000 });
    await consume(event);
    await consume({ ...event, id: uuidv7() });
    const { allocated, events } = await outcomeOf();
    expect(allocated).toEqual([40_000]);
    expect(events.map(({ type }: Json) => type)).toEqual(['payable.settled']);
  });

  it('of two for one bill at the same time settles one and gives the other back', async () => {
    await Promise.all([consume(capturedPayment(billId)), consume(capturedPayment(billId))]);
    const { bill, events, allocated, jobs } = await outcomeOf();
    expect(bill).toEqual(paid);
    expect(allocated).toEqual([100_000]);
    expect(events.map(({ type }: Json) => type)).toEqual([
      'bill.paid',
      'payable.settled',
      'payable.rejected',
    ]);
    expect(events[2].payload).toMatchObject({ reason: 'ALREADY_PAID', amountMinor: 100_000 });
    expect(events[2].payload.paymentId).not.toBe(events[1].payload.paymentId);
    expect(jobs.map(({ event }: Json) => event.type)).toEqual(['payable.settled', 'payable.rejected']);
  });

  it('may bring a part, then the rest', async () => {
    await consume(capturedPayment(billId, { amountMinor: 40_000 }));
    const first = await outcomeOf();
    expect(first.bill).toEqual({ status: 'DUE', amountDue: { amount: '600.00' } });
    expect(first.events.map(({ type }: Json) => type)).toEqual(['payable.settled']);
    await consume(capturedPayment(billId, { amountMinor: 60_000, installmentId: `${billId}:40000` }));
    const second = await outcomeOf();
    expect(second.bill).toEqual(paid);
    expect(second.allocated).toEqual([40_000, 60_000]);
    expect(second.events.map(({ type }: Json) => type)).toEqual([
      'payable.settled',
      'bill.paid',
      'payable.settled',
    ]);
  });

  it('of many for one installment at the same time takes one, though the bill has room for more', async () => {
    const parts = Array.from({ length: 15 }, () => capturedPayment(billId, { amountMinor: 10_000 }));
    await Promise.all(parts.map(consume));
    const { bill, events, allocated } = await outcomeOf();
    expect(bill).toEqual({ status: 'DUE', amountDue: { amount: '900.00' } });
    expect(allocated).toEqual([10_000]);
    expect(events.filter(({ type }: Json) => type === 'payable.rejected')).toHaveLength(14);
    expect(events.map(({ version }: Json) => version)).toEqual(
      events.map((_: Json, index: number) => index + 1),
    );
  });
});

describe('what cannot be taken', () => {
  it.each([
    ['more than is due', { amountMinor: 100_001 }, 'AMOUNT_DIFFERS'],
    ['another currency', { currency: 'USD' }, 'NOT_PAYABLE'],
  ])('is given back: %s', async (_what, payload, reason) => {
    const event = capturedPayment(billId, payload);
    await consume(event);
    const { bill, events, allocated, jobs } = await outcomeOf();
    expect([bill, allocated]).toEqual([unpaid, []]);
    const { paymentId, payable, amountMinor, currency } = event.payload;
    const rejected = { paymentId, payable, amountMinor, currency, reason };
    expect(events).toEqual([{ type: 'payable.rejected', version: 1, payload: rejected }]);
    expect(jobs).toMatchObject([{ consumer: 'payments', event: { payload: rejected } }]);
  });

  it('is given back when there is no such bill', async () => {
    const unknown = uuidv7();
    await consume(capturedPayment(unknown));
    const { bill, events, jobs } = await outcomeOf(unknown);
    expect(bill).toBeNull();
    expect(events).toMatchObject([{ type: 'payable.rejected', payload: { reason: 'NOT_PAYABLE' } }]);
    expect(jobs).toHaveLength(1);
  });
});

describe('a crash half-way', () => {
  it.each(['event_log', 'graphile_worker._private_jobs'])(
    'leaves nothing behind, and the event settles when it comes again: %s',
    async (table) => {
      const event = capturedPayment(billId);
      const trigger = `crash_${table.replace('.', '_')}`;
      // The last thing a settlement writes fails: what was written before must go with it.
      await fixture.pool.query(`
        create or replace function crash() returns trigger language plpgsql as
          $$ begin raise exception 'crash'; end $$;
        create trigger ${trigger} before insert on ${table} for each row
          ${table === 'event_log' ? "when (new.type = 'payable.settled')" : ''} execute function crash()`);
      await expect(consume(event)).rejects.toThrow();
      expect(await outcomeOf()).toEqual({ bill: unpaid, events: [], allocated: [], jobs: [] });
      await fixture.pool.query(`drop trigger ${trigger} on ${table}`);
      await consume(event);
      const { bill, allocated, jobs } = await outcomeOf();
      expect([bill, allocated, jobs.length]).toEqual([paid, [100_000], 1]);
    },
  );
});
