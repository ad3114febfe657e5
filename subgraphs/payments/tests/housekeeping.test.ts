import { uuidv7 } from '@suvidha/db';
import type { DomainEvent } from '@suvidha/events';
import { recordQueries } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hurry, initiate, inQuarterOfAnHour, newDebt, returnUrl, toAnswer } from './payments.fixture.ts';
import { call, startSilent, verify } from './reconciliation.fixture.ts';
import { operator, refund } from './refunds.fixture.ts';
import { deliver, type SimulatedWorld, startSimulated } from './simulated.fixture.ts';
import { SimulatedGateway } from './simulated-gateway.fixture.ts';

const dayMs = 86_400_000;
const task = 'payments-housekeeping';
const razorpay = new SimulatedGateway({ name: 'RAZORPAY' });
let world: SimulatedWorld;

beforeAll(async () => {
  world = await startSimulated([razorpay]);
});
afterEach(() => {
  world.clock.aheadMs = 0;
});
afterAll(() => world[Symbol.asyncDispose]());

/** Lets days pass, and waits until the job has done all that is due then and is planned for the hour after. */
async function keepHouse(days: number): Promise<void> {
  world.clock.aheadMs = days * dayMs;
  for (;;) {
    const { rowCount } = await world.pool.query(
      `select from graphile_worker.jobs where task_identifier = $1 and locked_at is null
        and run_at between now() + $2 * interval '1 day' and now() + $2 * interval '1 day' + interval '1 hour'`,
      [task, days],
    );
    if (rowCount === 1) return;
    await hurry(world, task);
  }
}

async function countKeys(key: string): Promise<number> {
  const { rows } = await world.pool.query(
    'select count(*)::int as count from idempotency_key where key like $1',
    [key],
  );
  return rows[0].count;
}

describe('keys of clients', () => {
  it('give their answer again for seven days; after that a replay is refused and moves no money', async () => {
    const { actor, request } = newDebt();
    const key = uuidv7();
    const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
    const pay = () => initiate(world, actor, { paymentRequest, idempotencyKey: key, returnUrl });
    const { payment } = await pay();
    const { id } = payment!;
    const orderId = razorpay.ordersOf(id)[0]!.id;
    razorpay.pay(orderId, 'CAPTURED');
    await verify(world, { id, actor, request, orderId });
    await world.app.consume(
      toAnswer('payable.settled', { ...payment!, actor, request, checkoutUrl: '' }, {}),
    );
    const giveBack = () => refund(world, { paymentId: id, amount: '10.00', idempotencyKey: key });
    const first = await giveBack();

    await keepHouse(6);
    expect(await pay()).toMatchObject({ payment: { id }, userErrors: [] });
    expect(await giveBack()).toEqual(first);

    await keepHouse(8);
    expect(await countKeys(key)).toBe(0);
    expect(await pay()).toMatchObject({ payment: null, userErrors: [{ code: 'PAYABLE_ALREADY_PAID' }] });
    expect(await giveBack()).toEqual({ id: null, codes: ['IDEMPOTENCY_CONFLICT'] });
    const { rows } = await world.pool.query(
      `select (select count(*)::int from payment where payer = $1) as payments,
              (select count(*)::int from refund where payment_id = $2) as refunds`,
      [request.payer, id],
    );
    expect(rows).toEqual([{ payments: 1, refunds: 1 }]);
  });

  it('are removed some at a time, until none that is too old is left', async () => {
    await world.pool.query(
      `insert into idempotency_key (scope, operation, key, request_hash, created_at)
       select 'user:somebody', 'initiatePayment', 'old-' || n, '', now() - interval '8 days'
         from generate_series(1, 2500) as n`,
    );
    using recorded = recordQueries();
    await keepHouse(0);
    expect(await countKeys('old-%')).toBe(0);
    const removals = recorded.statements.filter((sql) => sql.startsWith('delete from idempotency_key'));
    expect(removals.length).toBeGreaterThanOrEqual(3);
  });
});

interface StoredWebhook {
  readonly id: string;
  readonly hasBody: boolean;
  readonly processedAt: Date | null;
  readonly paymentId: string | null;
}

async function findWebhooks(eventId: string): Promise<StoredWebhook[]> {
  const { rows } = await world.pool.query<StoredWebhook>(
    `select id, body is not null as "hasBody", processed_at as "processedAt", payment_id as "paymentId"
       from webhook_delivery where event_id = $1`,
    [eventId],
  );
  return rows;
}

/** Waits until a webhook was acted on, again if it had been before. */
async function untilProcessed(eventId: string, before: Date | null = null): Promise<StoredWebhook> {
  for (;;) {
    const [webhook] = await findWebhooks(eventId);
    if (webhook?.processedAt && webhook.processedAt.getTime() !== before?.getTime()) return webhook;
  }
}

/** A payment of which a webhook has told, and that webhook. */
async function startTold() {
  const payment = await startSilent(world, razorpay);
  razorpay.pay(payment.orderId, 'CAPTURED');
  const webhook = razorpay.outbox.at(-1)!;
  await deliver(world, razorpay, webhook);
  const stored = await untilProcessed(webhook.eventId);
  return { payment, webhook, stored };
}

describe('the content of webhooks', () => {
  it('is kept for ninety days; after that a repeated one is still known, and none is acted on', async () => {
    const { payment, webhook, stored } = await startTold();
    await keepHouse(89);
    expect(await findWebhooks(webhook.eventId)).toEqual([stored]);

    await keepHouse(91);
    const emptied = [{ ...stored, hasBody: false }];
    expect(await findWebhooks(webhook.eventId)).toEqual(emptied);
    expect(await deliver(world, razorpay, webhook)).toBe(200);
    expect(await findWebhooks(webhook.eventId)).toEqual(emptied);
    const replay = `mutation ($input: ReplayWebhookInput!) {
      replayWebhook(input: $input) { webhook { id } userErrors { code field } } }`;
    expect(await call(world, replay, { input: { webhookId: stored.id } }, operator)).toEqual({
      replayWebhook: {
        webhook: null,
        userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'webhookId'] }],
      },
    });

    await world.pool.query(`select graphile_worker.add_job('process-webhook', $1)`, [
      JSON.stringify({ deliveryId: stored.id }),
    ]);
    expect(await untilProcessed(webhook.eventId, stored.processedAt)).toMatchObject({
      paymentId: payment.id,
      hasBody: false,
    });
  });

  it('is removed when its payer asks to be forgotten', async () => {
    const { payment, webhook } = await startTold();
    const other = await startTold();
    const { userId } = payment.actor;
    const erasure = {
      id: uuidv7(),
      type: 'user.erasure_requested',
      schemaVersion: 1,
      aggregateType: 'user',
      aggregateId: userId,
      version: 1,
      occurredAt: new Date().toISOString(),
      payload: { userId, erasureId: uuidv7(), pseudonym: uuidv7() },
    } as DomainEvent;
    await world.app.consume(erasure);
    expect(await findWebhooks(webhook.eventId)).toMatchObject([{ hasBody: false }]);
    expect(await findWebhooks(other.webhook.eventId)).toMatchObject([{ hasBody: true }]);
  });
});
