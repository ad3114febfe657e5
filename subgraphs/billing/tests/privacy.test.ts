import { uuidv7 } from '@suvidha/db';
import type { DomainEvent } from '@suvidha/events';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BilledCustomer, createCustomer } from './support/billed-customer.ts';
import { type BillingFixture, type Json, startBilling } from './support/billing.fixture.ts';
import { capturedPayment } from './support/captured-payment.ts';

let fixture: BillingFixture;
let pool: Pool;
let customer: BilledCustomer;
let userId: string;
let billId: string;

beforeAll(async () => {
  fixture = await startBilling();
  pool = fixture.pool;
  customer = await createCustomer(pool);
  userId = customer.actor.userId;
  billId = await customer.addBill();
  await fixture.app.consume(capturedPayment(billId, { payer: `user:${userId}` }));
});

afterAll(() => fixture[Symbol.asyncDispose]());

function request(type: 'user.export_requested' | 'user.erasure_requested', payload: object): DomainEvent {
  return {
    id: uuidv7(),
    type,
    schemaVersion: 1,
    aggregateType: 'user',
    aggregateId: userId,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload,
  } as DomainEvent;
}

async function answers(type: string): Promise<Json[]> {
  const text = 'select payload from event_log where aggregate_id = $1 and type = $2 order by version';
  return (await pool.query(text, [userId, type])).rows.map(({ payload }) => payload);
}

const pseudonym = uuidv7();
const erasure = () => request('user.erasure_requested', { userId, erasureId: pseudonym, pseudonym });

it('gives a person their connections and bills', async () => {
  await fixture.app.consume(request('user.export_requested', { userId, exportId: uuidv7() }));
  const [{ text }] = await answers('export.part_ready');
  expect(JSON.parse(text)).toMatchObject({
    connections: [{ id: customer.connectionId }],
    bills: [{ id: billId, amountMinor: '100000' }],
  });
});

it('keeps bills and what was paid of them, and names nobody in them any more', async () => {
  const before = await pool.query('select status, paid_amount_minor from bill where id = $1', [billId]);
  await fixture.app.consume(erasure());
  await fixture.app.consume(erasure());
  const after = await pool.query('select status, paid_amount_minor from bill where id = $1', [billId]);
  expect(after.rows).toEqual(before.rows);
  const owners = await pool.query(
    'select user_id from bill where id = $1 union select user_id from connection where id = $2',
    [billId, customer.connectionId],
  );
  expect(owners.rows).toEqual([{ user_id: pseudonym }]);
  const log = await pool.query('select payload from event_log where aggregate_id = $1', [billId]);
  expect(log.rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(log.rows)).not.toContain(userId);
  expect(await answers('erasure.completed')).toHaveLength(2);
});
