import { createHmac } from 'node:crypto';
import { uuidv7 } from '@suvidha/db';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  hurry,
  initiate,
  newAttempt,
  type PaymentsWorld,
  readPayment,
  startPayment,
  startPayments,
  statuses,
  waitForStatus,
} from './payments.fixture.ts';
import { newWebhookSecret, oldWebhookSecret } from './vendor.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterEach(async () => {
  await world.vendor.calm();
  await world.vendor.sendWebhooksTo(world.webhookUrl);
});
afterAll(() => world[Symbol.asyncDispose]());

const isCaptured = ({ status }: { status: string }) => status === 'CAPTURED';

/** Stored with the capture, with the job that tells the payable's owner. */
async function countCapturedEvents(paymentId: string): Promise<number | null> {
  const text = `select from event_log where type = 'payment.captured' and aggregate_id = $1`;
  return (await world.pool.query(text, [paymentId])).rowCount;
}

async function countStored(eventId: string): Promise<number> {
  const { rows } = await world.pool.query(
    'select count(*)::int as count from webhook_delivery where event_id = $1',
    [eventId],
  );
  return rows[0].count;
}

/** A webhook as the vendor would send it, sent by the test. */
function post(vendorPaymentId: string, change: { secret?: string; eventId?: string; body?: string } = {}) {
  const body = JSON.stringify({ payload: { payment: { entity: { id: vendorPaymentId } } } });
  const { secret = newWebhookSecret, eventId = uuidv7() } = change;
  return fetch(world.webhookUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-razorpay-event-id': eventId,
      'x-razorpay-signature': createHmac('sha256', secret).update(body).digest('hex'),
    },
    body: change.body ?? body,
  });
}

/** A payment whose payer has paid while the vendor's own webhooks go nowhere. */
async function startPaidSilently(outcome = 'success') {
  await world.vendor.sendWebhooksTo(null);
  const payment = await startPayment(world);
  return { ...payment, vendorPaymentId: await world.vendor.pay(payment.checkoutUrl, outcome) };
}

describe('what comes in', () => {
  it.each([
    ['signed with another secret', { secret: 'somebody else' }],
    ['whose body was changed after it was signed', { body: '{"payload":{}}' }],
  ])('is refused and not stored when it is one %s', async (_what, change) => {
    const eventId = uuidv7();
    const response = await post('pay_any', { eventId, ...change });
    expect([response.status, await response.json()]).toEqual([400, { error: { code: 'SIGNATURE_INVALID' } }]);
    expect(await countStored(eventId)).toBe(0);
  });

  it.each(['x-razorpay-signature', 'x-razorpay-event-id'])('is refused without %s', async (missing) => {
    const body = '{}';
    const signature = createHmac('sha256', newWebhookSecret).update(body).digest('hex');
    const headers = new Headers({ 'x-razorpay-signature': signature, 'x-razorpay-event-id': uuidv7() });
    headers.delete(missing);
    const response = await fetch(world.webhookUrl, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
  });

  it.each([
    ['new', newWebhookSecret],
    ['old', oldWebhookSecret],
  ])('is accepted under the %s secret', async (_which, secret) => {
    const payment = await startPaidSilently();
    expect((await post(payment.vendorPaymentId, { secret })).status).toBe(200);
    await waitForStatus(world, payment, isCaptured);
  });

  it('is accepted when an event of before a rotation comes after it', async () => {
    await world.vendor.sendWebhooksTo(world.webhookUrl, oldWebhookSecret);
    const payment = await startPayment(world);
    await using held = await world.vendor.hold('razorpay.send-webhook.before');
    await world.vendor.pay(payment.checkoutUrl);
    await world.vendor.sendWebhooksTo(world.webhookUrl, newWebhookSecret);
    await held[Symbol.asyncDispose]();
    await waitForStatus(world, payment, isCaptured);
  });

  it('is stored as it came before it is acknowledged', async () => {
    await using idle = await startPayments({ doesJobs: false });
    const payment = await startPayment(idle);
    await idle.vendor.pay(payment.checkoutUrl);
    const { razorpay } = await idle.vendor.waitFor((state) =>
      state.razorpay.webhooks.every(({ state: delivery }) => delivery === 'delivered'),
    );
    const { rows } = await idle.pool.query(
      `select convert_from(body, 'UTF8')::json ->> 'event' as event, processed_at as "processedAt"
         from webhook_delivery order by id`,
    );
    expect(rows).toEqual(razorpay.webhooks.map(({ event }) => ({ event, processedAt: null })).toReversed());
    expect(await readPayment(idle, payment.actor, payment.id)).toMatchObject({ status: 'PENDING' });

    await idle.app.start();
    await waitForStatus(idle, payment, isCaptured);
  });

  it('is not acknowledged when it cannot be stored, and comes again', async () => {
    const payment = await startPaidSilently();
    await world.pool.query('alter table webhook_delivery rename to webhook_delivery_away');
    try {
      const response = await post(payment.vendorPaymentId);
      expect([response.status, await response.json()]).toEqual([
        500,
        { error: { code: 'INTERNAL_SERVER_ERROR' } },
      ]);
    } finally {
      await world.pool.query('alter table webhook_delivery_away rename to webhook_delivery');
    }
    expect((await post(payment.vendorPaymentId)).status).toBe(200);
    await waitForStatus(world, payment, isCaptured);
  });

  it('is refused when it is too large to be one', async () => {
    const response = await fetch(world.webhookUrl, { method: 'POST', body: 'x'.repeat(300 * 1024) });
    expect(response.status).toBe(413);
  });
});

describe('the same event', () => {
  it('delivered many times at once is stored and processed once', async () => {
    const payment = await startPaidSilently();
    const eventId = uuidv7();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(payment.vendorPaymentId, { eventId })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await countStored(eventId)).toBe(1);
    await waitForStatus(world, payment, isCaptured);
    expect(statuses(await readPayment(world, payment.actor, payment.id))).toEqual([
      'CREATED',
      'PENDING',
      'CAPTURED',
    ]);
  });

  it('under many ids at once captures once', async () => {
    const payment = await startPaidSilently();
    await Promise.all(Array.from({ length: 8 }, () => post(payment.vendorPaymentId)));
    await waitForStatus(world, payment, isCaptured);
    await waitUntilProcessed();
    const { rows } = await world.pool.query(
      `select type, count(*)::int from event_log
        where aggregate_id = $1 and (type = 'payment.captured' or payload ->> 'status' = 'CAPTURED')
        group by type order by type`,
      [payment.id],
    );
    expect(rows).toEqual([
      { type: 'payment.captured', count: 1 },
      { type: 'payment.status_changed', count: 1 },
    ]);
  });

  it('duplicated by the vendor captures once', async () => {
    await world.vendor.strike({ call: 'send-webhook', fault: 'duplicate', times: 3 });
    const payment = await startPayment(world);
    await world.vendor.pay(payment.checkoutUrl);
    await waitForStatus(world, payment, isCaptured);
    await waitUntilProcessed();
    expect(await countCapturedEvents(payment.id)).toBe(1);
  });
});

/** Every webhook that was stored has been acted on, and every event delivered. */
async function waitUntilProcessed(): Promise<void> {
  const query = `select count(*)::int as waiting from graphile_worker.jobs
    where task_identifier in ('process-webhook', 'deliver-event')`;
  for (;;) {
    const { rows } = await world.pool.query(query);
    if (rows[0].waiting === 0) return;
  }
}

describe('order of arrival', () => {
  it('does not matter: captured before authorized', async () => {
    await world.vendor.strike({ call: 'send-webhook', fault: 'reordered', times: 3 });
    const payment = await startPayment(world);
    await world.vendor.pay(payment.checkoutUrl);
    await waitForStatus(world, payment, isCaptured);
    await waitUntilProcessed();
    expect(statuses(await readPayment(world, payment.actor, payment.id)).at(-1)).toBe('CAPTURED');
    expect(await countCapturedEvents(payment.id)).toBe(1);
  });

  it('does not matter: paid before the answer to create-order has come', async () => {
    const { actor, input } = await newAttempt(world);
    await using held = await world.vendor.hold('razorpay.create-order.after');
    const answer = initiate(world, actor, input);
    await world.vendor.waitUntilHeld('razorpay.create-order.after');
    const [order] = (await world.vendor.state()).razorpay.orders;
    await world.vendor.pay(`${world.vendor.url}/razorpay/checkout/${order!.id}`);
    await waitForStatus(world, { actor, id: order!.receipt! }, isCaptured);
    await held[Symbol.asyncDispose]();
    expect((await answer).payment).toMatchObject({ id: order!.receipt, status: 'CAPTURED' });
    expect(await world.vendor.ordersOf(order!.receipt!)).toHaveLength(1);
  });

  it('does not matter: paid before it was known that the order exists', async () => {
    const { actor, input } = await newAttempt(world);
    await world.vendor.strike({ call: 'create-order', fault: 'reset', when: 'after' });
    const { payment } = await initiate(world, actor, input);
    const [order] = await world.vendor.ordersOf(payment!.id);
    await world.vendor.pay(`${world.vendor.url}/razorpay/checkout/${order!.id}`);
    await waitForStatus(world, { actor, id: payment!.id }, isCaptured);
  });
});

describe('a payer', () => {
  it('who is declined: FAILED; the late success of the bank: CAPTURED', async () => {
    const payment = await startPayment(world);
    const vendorPaymentId = await world.vendor.pay(payment.checkoutUrl, 'decline');
    await waitForStatus(world, payment, ({ status }) => status === 'FAILED');
    await world.vendor.answerLate(vendorPaymentId);
    await waitForStatus(world, payment, isCaptured);
    await waitUntilProcessed();
    expect(await countCapturedEvents(payment.id)).toBe(1);
  });

  it('who is declined and pays on a second try', async () => {
    const payment = await startPayment(world);
    await world.vendor.pay(payment.checkoutUrl, 'insufficient-funds');
    await world.vendor.pay(payment.checkoutUrl);
    await waitForStatus(world, payment, isCaptured);
  });

  it('whose webhooks are all lost: the janitor finds the money', async () => {
    const payment = await startPaidSilently();
    await hurry(world, 'resolve-payment');
    await waitForStatus(world, payment, isCaptured);
  });

  it('whose late success is lost too: the janitor finds the money', async () => {
    const payment = await startPayment(world);
    const vendorPaymentId = await world.vendor.pay(payment.checkoutUrl, 'decline');
    await waitForStatus(world, payment, ({ status }) => status === 'FAILED');
    await world.vendor.sendWebhooksTo(null);
    await world.vendor.answerLate(vendorPaymentId);
    await hurry(world, 'resolve-payment');
    await waitForStatus(world, payment, isCaptured);
  });

  it('from whom another amount arrives: QUARANTINED, and the owner does not hear of it', async () => {
    const payment = await startPayment(world);
    await world.vendor.pay(payment.checkoutUrl, 'success', 100);
    await waitForStatus(world, payment, ({ status }) => status === 'QUARANTINED');
    await waitUntilProcessed();
    expect(await countCapturedEvents(payment.id)).toBe(0);
  });

  it('who never comes: EXPIRED when the time is over; who pays after all: CAPTURED', async () => {
    const payment = await startPayment(world);
    world.clock.aheadMs = 31 * 60_000;
    try {
      await hurry(world, 'resolve-payment');
      await waitForStatus(world, payment, ({ status }) => status === 'EXPIRED');
    } finally {
      world.clock.aheadMs = 0;
    }
    await world.vendor.pay(payment.checkoutUrl);
    await waitForStatus(world, payment, isCaptured);
  });
});

it('does not move a payment on a webhook about an attempt the vendor does not know', async () => {
  const payment = await startPayment(world);
  expect((await post('pay_ForgedButSigned')).status).toBe(200);
  expect(await readPayment(world, payment.actor, payment.id)).toMatchObject({ status: 'PENDING' });
});
