import { uuidv7 } from '@suvidha/db';
import { createPrivacyRequests, type PrivacyRequests } from '@suvidha/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BilledCustomer, createCustomer } from './support/billed-customer.ts';
import { type BillingFixture, startBilling } from './support/billing.fixture.ts';
import { capturedPayment } from './support/captured-payment.ts';

let fixture: BillingFixture;
let pool: Pool;
let requests: PrivacyRequests;
let customer: BilledCustomer;
let userId: string;
let billId: string;

beforeAll(async () => {
  fixture = await startBilling();
  pool = fixture.pool;
  customer = await createCustomer(pool);
  userId = customer.actor.userId;
  requests = createPrivacyRequests(pool, userId);
  billId = await customer.addBill();
  await fixture.app.consume(capturedPayment(billId, { payer: `user:${userId}` }));
});

afterAll(() => fixture[Symbol.asyncDispose]());

it('gives a person their connections and bills', async () => {
  await fixture.app.consume(requests.export(uuidv7()));
  const [part] = await requests.answers('export.part_ready');
  expect(JSON.parse(part!.text)).toMatchObject({
    connections: [{ id: customer.connectionId }],
    bills: [{ id: billId, amountMinor: '100000' }],
  });
});

it('keeps bills and what was paid of them, and names nobody in them any more', async () => {
  const before = await pool.query('select status, paid_amount_minor from bill where id = $1', [billId]);
  await fixture.app.consume(requests.erasure());
  await fixture.app.consume(requests.erasure());
  const after = await pool.query('select status, paid_amount_minor from bill where id = $1', [billId]);
  expect(after.rows).toEqual(before.rows);
  const owners = await pool.query(
    'select user_id from bill where id = $1 union select user_id from connection where id = $2',
    [billId, customer.connectionId],
  );
  expect(owners.rows).toEqual([{ user_id: requests.pseudonym }]);
  const log = await pool.query('select payload from event_log where aggregate_id = $1', [billId]);
  expect(log.rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(log.rows)).not.toContain(userId);
  expect(await requests.answers('erasure.completed')).toHaveLength(2);
});
