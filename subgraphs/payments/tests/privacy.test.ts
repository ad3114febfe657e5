import { uuidv7 } from '@suvidha/db';
import type { DomainEvent } from '@suvidha/events';
import { expect, it } from 'vitest';
import { readPayment, startPayment, startPayments } from './payments.fixture.ts';

it('gives a person their payments, then keeps them without a name, however often it is asked', async () => {
  await using world = await startPayments();
  const payment = await startPayment(world);
  const { userId } = payment.actor;
  const pseudonym = uuidv7();
  const request = (type: DomainEvent['type'], payload: object) =>
    ({
      id: uuidv7(),
      type,
      schemaVersion: 1,
      aggregateType: 'user',
      aggregateId: userId,
      version: 1,
      occurredAt: new Date().toISOString(),
      payload,
    }) as DomainEvent;

  await world.app.consume(request('user.export_requested', { userId, exportId: uuidv7() }));
  const parts = await world.pool.query(
    `select payload ->> 'text' as text from event_log where aggregate_id = $1`,
    [userId],
  );
  expect(JSON.parse(parts.rows[0].text)).toMatchObject({
    payments: [{ id: payment.id, payer: `user:${userId}`, amountMinor: '49900' }],
  });

  const erasure = { userId, erasureId: pseudonym, pseudonym };
  for (let time = 0; time < 2; time += 1) await world.app.consume(request('user.erasure_requested', erasure));
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
  const kept = await world.pool.query('select payer from payment where id = $1', [payment.id]);
  expect(kept.rows).toEqual([{ payer: `user:${pseudonym}` }]);
  expect(await readPayment(world, payment.actor, payment.id)).toBeNull();
});
