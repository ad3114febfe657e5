import { uuidv7 } from '@suvidha/db';
import { createPrivacyRequests } from '@suvidha/testing';
import { expect, it, vi } from 'vitest';
import { type PaymentsWorld, readPayment, startPayment, startPayments } from './payments.fixture.ts';
import { startSettled } from './refunds.fixture.ts';

/** No row names the person any more, but for the events about their leaving. */
async function expectNowhere(world: PaymentsWorld, userId: string): Promise<void> {
  const tables = await world.pool.query(`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`);
  for (const { name } of tables.rows) {
    const { rows } = await world.pool.query(
      `select count(*)::int as count from "${name}" as t
        where to_jsonb(t)::text like $1 and coalesce(to_jsonb(t) ->> 'aggregate_type', '') <> 'user'`,
      [`%${userId}%`],
    );
    expect([name, rows[0].count]).toEqual([name, 0]);
  }
}

it('gives a person their payments, then keeps them without a name, however often it is asked', async () => {
  await using world = await startPayments();
  const payment = await startPayment(world);
  const { userId } = payment.actor;
  const requests = createPrivacyRequests(world.pool, userId);

  await world.app.consume(requests.export(uuidv7()));
  const parts = await world.pool.query(
    `select payload ->> 'text' as text from event_log where aggregate_id = $1`,
    [userId],
  );
  expect(JSON.parse(parts.rows[0].text)).toMatchObject({
    payments: [{ id: payment.id, payer: `user:${userId}`, amountMinor: '49900' }],
  });

  for (let time = 0; time < 2; time += 1) await world.app.consume(requests.erasure());
  await expectNowhere(world, userId);
  const kept = await world.pool.query('select payer from payment where id = $1', [payment.id]);
  expect(kept.rows).toEqual([{ payer: `user:${requests.pseudonym}` }]);
  expect(await readPayment(world, payment.actor, payment.id)).toBeNull();
});

it('forgets the payer of a receipt that is being issued at that moment', async () => {
  await using world = await startPayments();
  const countIssued = async () =>
    (await world.pool.query(`select 1 from event_log where type = 'receipt.issued'`)).rows.length;
  await startSettled(world);
  await vi.waitFor(async () => expect(await countIssued()).toBe(1), { timeout: 20_000 });

  const client = await world.pool.connect();
  await client.query('begin');
  await client.query('select last from receipt_counter for update');
  const { userId } = (await startSettled(world)).actor;
  await untilWaiting(world, 1);
  const erasing = world.app.consume(createPrivacyRequests(world.pool, userId).erasure());
  await Promise.race([erasing, untilWaiting(world, 2)]);
  await client.query('commit');
  client.release();
  await erasing;
  await vi.waitFor(async () => expect(await countIssued()).toBe(2), { timeout: 20_000 });
  await expectNowhere(world, userId);
});

/** Resolves when so many transactions wait for another one. */
async function untilWaiting(world: PaymentsWorld, count: number): Promise<void> {
  const text = `select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  for (;;) if ((await world.pool.query(text)).rows[0].waiting >= count) return;
}
