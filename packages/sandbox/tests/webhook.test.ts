import { describe, expect, it } from 'vitest';
import { signWebhook } from '../src/razorpay/signature.ts';
import {
  checkoutUrlOf,
  controlOf,
  createOrder,
  createPaid,
  type Json,
  Receiver,
  razorpayOf,
  startSandbox,
  waitForState,
} from './sandbox.fixture.ts';

const QUICK = { firstRetryMs: 5, maxRetryMs: 20 };

function webhookScenario(fault: string, more: Record<string, unknown> = {}) {
  return { party: 'razorpay', call: 'send-webhook', fault, ...more };
}

it('tells a success in three events, signed over the raw body', async () => {
  await using receiver = await Receiver.start();
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  const { paymentId, orderId } = await createPaid(sandbox, { receipt: 'PAY-1' });
  await receiver.waitFor(3);
  expect(receiver.events()).toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
  for (const { headers, raw } of receiver.received) {
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-razorpay-signature']).toBe(signWebhook(raw, 'sandbox_webhook_secret'));
  }
  expect(receiver.received[2]?.body).toEqual({
    entity: 'event',
    account_id: expect.stringMatching(/^acc_[0-9A-Za-z]{14}$/),
    event: 'order.paid',
    contains: ['payment', 'order'],
    payload: {
      payment: { entity: expect.objectContaining({ id: paymentId, order_id: orderId, status: 'captured' }) },
      order: {
        entity: expect.objectContaining({ id: orderId, status: 'paid', receipt: 'PAY-1', amount_due: 0 }),
      },
    },
    created_at: expect.any(Number),
  });
});

it('shows each event the entities as they were', async () => {
  await using receiver = await Receiver.start();
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  await createPaid(sandbox);
  await receiver.waitFor(3);
  const statuses = receiver.received.map(({ body }) => body.payload.payment.entity.status);
  expect(statuses).toEqual(['authorized', 'captured', 'captured']);
});

it('tells a failure with its reason', async () => {
  await using receiver = await Receiver.start();
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  const checkoutUrl = checkoutUrlOf(sandbox, await createOrder(sandbox));
  await controlOf(sandbox).post('/pay', { checkoutUrl, outcome: 'decline' });
  await receiver.waitFor(1);
  expect(receiver.received[0]?.body).toMatchObject({
    event: 'payment.failed',
    contains: ['payment'],
    payload: {
      payment: {
        entity: {
          status: 'failed',
          error_code: 'BAD_REQUEST_ERROR',
          error_source: 'bank',
          error_step: 'payment_authorization',
          error_reason: 'payment_failed',
        },
      },
    },
  });
});

it.each(['processed', 'failed'])('tells a refund that is %s', async (status) => {
  await using receiver = await Receiver.start();
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  const { paymentId } = await createPaid(sandbox);
  if (status === 'failed')
    await controlOf(sandbox).post('/scenario', {
      party: 'razorpay',
      call: 'process-refund',
      fault: 'failed',
    });
  await razorpayOf(sandbox).post(`/payments/${paymentId}/refund`, { amount: 20_000 });
  await receiver.waitFor(5);
  expect(receiver.events().slice(3)).toEqual(['refund.created', `refund.${status}`]);
  expect(receiver.received[4]?.body).toMatchObject({
    contains: ['refund', 'payment'],
    payload: { refund: { entity: { status, amount: 20_000 } }, payment: { entity: { id: paymentId } } },
  });
});

describe('delivery', () => {
  it('tries again until the merchant answers 2xx, always with the same event id', async () => {
    await using receiver = await Receiver.start([500, 302, 404]);
    await using sandbox = await startSandbox({ webhookUrl: receiver.url, webhookTiming: QUICK });
    const order = await createOrder(sandbox, { payment: { capture: 'manual' } });
    await controlOf(sandbox).post('/pay', { checkoutUrl: checkoutUrlOf(sandbox, order), outcome: 'success' });
    await receiver.waitFor(4);
    const { razorpay } = await waitForState(
      sandbox,
      (state) => state.razorpay.webhooks[0].state === 'delivered',
    );
    expect(razorpay.webhooks).toMatchObject([{ attempts: 4, accepted: 1, lastStatus: 200 }]);
    expect(new Set(receiver.received.map(({ headers }) => headers['x-razorpay-event-id']))).toEqual(
      new Set([razorpay.webhooks[0].eventId]),
    );
    expect(new Set(receiver.received.map(({ raw }) => raw)).size).toBe(1);
  });

  it('gives every event its own id', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    await createPaid(sandbox);
    await receiver.waitFor(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['x-razorpay-event-id'])).size).toBe(3);
  });

  it('survives a merchant that is down and comes back', async () => {
    await using receiver = await Receiver.start();
    receiver.isDown = true;
    await using sandbox = await startSandbox({ webhookUrl: receiver.url, webhookTiming: QUICK });
    await createPaid(sandbox);
    await waitForState(sandbox, ({ razorpay }) => razorpay.webhooks.every((w: Json) => w.attempts > 1));
    receiver.isDown = false;
    await receiver.waitFor(3);
    expect(receiver.events().toSorted()).toEqual(['order.paid', 'payment.authorized', 'payment.captured']);
  });

  it('does not wait for ever for an answer', async () => {
    await using receiver = await Receiver.start([null]);
    const webhookTiming = { ...QUICK, receiverTimeoutMs: 20 };
    await using sandbox = await startSandbox({ webhookUrl: receiver.url, webhookTiming });
    await createPaid(sandbox);
    await receiver.waitFor(4);
    expect(receiver.events().filter((event) => event === 'payment.authorized')).toHaveLength(2);
  });

  it('gives up when the event is too old', async () => {
    await using receiver = await Receiver.start(Array.from({ length: 100 }, () => 500));
    const webhookTiming = { ...QUICK, lifetimeMs: 30 };
    await using sandbox = await startSandbox({ webhookUrl: receiver.url, webhookTiming });
    await createPaid(sandbox);
    await waitForState(sandbox, ({ razorpay }) =>
      razorpay.webhooks.every((w: Json) => w.state === 'expired'),
    );
  });

  it('goes to a new address, and signs with a new secret only what happens after', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: 'http://127.0.0.1:1/', webhookTiming: QUICK });
    const order = await createOrder(sandbox, { payment: { capture: 'manual' } });
    const click = { checkoutUrl: checkoutUrlOf(sandbox, order), outcome: 'success' };
    const { paymentId } = (await controlOf(sandbox).post('/pay', click)).body;
    const change = { url: receiver.url, secret: 'rotated_secret' };
    expect((await controlOf(sandbox).post('/webhook', change)).body).toEqual({ url: receiver.url });
    await receiver.waitFor(1);
    await razorpayOf(sandbox).post(`/payments/${paymentId}/capture`, { amount: 50_000 });
    await receiver.waitFor(2);
    const secrets = receiver.received.map(({ raw, headers }) =>
      ['sandbox_webhook_secret', 'rotated_secret'].find(
        (secret) => signWebhook(raw, secret) === headers['x-razorpay-signature'],
      ),
    );
    expect(secrets.slice(0, 2)).toEqual(['sandbox_webhook_secret', 'rotated_secret']);
  });

  it('sends nothing without an address', async () => {
    await using sandbox = await startSandbox();
    await createPaid(sandbox);
    const { razorpay } = (await controlOf(sandbox).get('/state')).body;
    expect(razorpay.webhooks.map((delivery: Json) => delivery.state)).toEqual(Array(3).fill('unsubscribed'));
  });
});

describe('scenarios', () => {
  it('loses an event for good', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    await controlOf(sandbox).post('/scenario', webhookScenario('lost', { event: 'payment.captured' }));
    await createPaid(sandbox);
    await receiver.waitFor(2);
    expect(receiver.events()).toEqual(['payment.authorized', 'order.paid']);
    const { razorpay } = (await controlOf(sandbox).get('/state')).body;
    expect(razorpay.webhooks[1]).toMatchObject({ event: 'payment.captured', state: 'lost', attempts: 0 });
  });

  it('sends an event twice', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    await controlOf(sandbox).post('/scenario', webhookScenario('duplicate'));
    await createPaid(sandbox);
    await receiver.waitFor(4);
    const twice = receiver.received.filter(({ body }) => body.event === 'payment.authorized');
    expect(twice).toHaveLength(2);
    expect(twice[0]?.headers['x-razorpay-event-id']).toBe(twice[1]?.headers['x-razorpay-event-id']);
    await waitForState(sandbox, ({ razorpay }) => razorpay.webhooks[2].accepted === 2);
  });

  it('reverses the order of the next events', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    await controlOf(sandbox).post('/scenario', webhookScenario('reordered', { times: 3 }));
    await createPaid(sandbox);
    await receiver.waitFor(3);
    expect(receiver.events()).toEqual(['order.paid', 'payment.captured', 'payment.authorized']);
  });

  it('sends what it has collected when the scenario is ended early', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    await controlOf(sandbox).post('/scenario', webhookScenario('reordered', { times: 9 }));
    await createPaid(sandbox);
    expect((await controlOf(sandbox).get('/scenario')).body).toMatchObject([{ times: 6 }]);
    await controlOf(sandbox).delete('/scenario');
    await receiver.waitFor(3);
    expect(receiver.events()).toEqual(['order.paid', 'payment.captured', 'payment.authorized']);
  });

  it('lets later events overtake a delayed one', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    await controlOf(sandbox).post('/scenario', webhookScenario('delayed', { delayMs: 500 }));
    await createPaid(sandbox);
    await receiver.waitFor(3);
    expect(receiver.events()).toEqual(['payment.captured', 'order.paid', 'payment.authorized']);
  });

  it('holds events back until they are released', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    const control = controlOf(sandbox);
    await control.post('/hold', { point: 'razorpay.send-webhook.before' });
    await createPaid(sandbox);
    await control.get('/hold/razorpay.send-webhook.before/wait');
    expect((await control.get('/hold')).body['razorpay.send-webhook.before']).toEqual({ on: true, held: 3 });
    expect(receiver.received).toEqual([]);
    expect((await control.delete('/hold/razorpay.send-webhook.before')).body).toMatchObject({ released: 3 });
    await receiver.waitFor(3);
    expect(receiver.events()).toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
  });
});
