/**
 * Races that other systems have had in public, each with real parallelism on a real database and the vendor over HTTP.
 * Those that concern other parts stand there: oversold stock in commerce, codes used twice in identity.
 */
import { createHmac } from 'node:crypto';
import { uuidv7 } from '@suvidha/db';
import { testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  hurry,
  initiate,
  inQuarterOfAnHour,
  newAttempt,
  type PaymentsWorld,
  readPayment,
  returnUrl,
  type StartedPayment,
  startPayment,
  startPayments,
  statuses,
  waitForStatus,
} from '../payments.fixture.ts';
import { areAll, readRefunds, refund, startSettled, waitForRefunds } from '../refunds.fixture.ts';
import { keySecret, newWebhookSecret } from '../vendor.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterEach(async () => {
  await world.vendor.calm();
  await world.vendor.sendWebhooksTo(world.webhookUrl);
});
afterAll(() => world[Symbol.asyncDispose]());

const times = <T>(count: number, act: (number: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, number) => act(number)));

describe('parallel refunds (Hyperswitch #13182)', () => {
  it('of all the money, under twelve keys: one is taken, and the vendor gives back once', async () => {
    const payment = await startSettled(world);
    const answers = await times(12, () => refund(world, { paymentId: payment.id }));
    const taken = answers.filter(({ id }) => id !== null);
    expect(taken).toHaveLength(1);
    for (const { id, codes } of answers)
      if (!id) expect(['REFUND_AMOUNT_NOT_ALLOWED', 'PAYMENT_NOT_REFUNDABLE']).toContain(codes[0]);
    await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
    expect(await atVendor(payment)).toBe(49_900);
  });

  it('of parts that do not fit together: as many as fit, and never more than was captured', async () => {
    const payment = await startSettled(world);
    const answers = await times(10, () => refund(world, { paymentId: payment.id, amount: '150.00' }));
    expect(answers.filter(({ id }) => id !== null)).toHaveLength(3);
    await waitForRefunds(world, payment, areAll('PROCESSED'));
    expect(await atVendor(payment)).toBe(45_000);
    expect(await readRefunds(world, payment)).toMatchObject({ status: 'PARTIALLY_REFUNDED' });
  });

  it('under one key: one refund', async () => {
    const payment = await startSettled(world);
    const input = { paymentId: payment.id, amount: '10.00', idempotencyKey: uuidv7() };
    const answers = await times(12, () => refund(world, input));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    await waitForRefunds(world, payment, areAll('PROCESSED'));
    expect(await atVendor(payment)).toBe(1_000);
  });

  /** What the vendor has given back, in paise. */
  async function atVendor({ id }: StartedPayment): Promise<number> {
    const orderIds = (await world.vendor.ordersOf(id)).map((order) => order.id);
    const { payments, refunds } = (await world.vendor.state()).razorpay;
    const paid = payments.filter(({ order_id }) => orderIds.includes(order_id)).map((one) => one.id);
    return refunds
      .filter(({ payment_id }) => paid.includes(payment_id))
      .reduce((sum, { amount }) => sum + amount, 0);
  }
});

/** The webhook of a capture, sent by the test. */
function sendWebhook(vendorPaymentId: string, eventId = uuidv7()): Promise<Response> {
  const body = JSON.stringify({ payload: { payment: { entity: { id: vendorPaymentId } } } });
  const signature = createHmac('sha256', newWebhookSecret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-razorpay-event-id': eventId,
    'x-razorpay-signature': signature,
  };
  return fetch(world.webhookUrl, { method: 'POST', headers, body });
}

async function mutate(name: string, input: object, { actor }: StartedPayment): Promise<unknown> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { payment { status } } }`;
  const { data, errors } = await world.app.execute({ query, variables: { input } }, testIdentity(actor));
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  return data;
}

async function confirm(payment: StartedPayment, vendorPaymentId: string): Promise<unknown> {
  const [order] = await world.vendor.ordersOf(payment.id);
  const signature = createHmac('sha256', keySecret).update(`${order!.id}|${vendorPaymentId}`).digest('hex');
  const fields = { razorpay_payment_id: vendorPaymentId, razorpay_signature: signature };
  const input = {
    paymentId: payment.id,
    fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
  };
  return mutate('confirmPayment', input, payment);
}

async function expectCapturedOnce(payment: StartedPayment): Promise<void> {
  await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
  await untilWebhooksAreProcessed();
  const read = await readPayment(world, payment.actor, payment.id);
  expect(statuses(read)).toEqual(['CREATED', 'PENDING', 'CAPTURED']);
  const { rows } = await world.pool.query(
    `select (select count(*)::int from event_log where aggregate_id = $1 and type = 'payment.captured') as told,
       (select count(*)::int from ledger_entry where payment_id = $1) as booked`,
    [payment.id],
  );
  expect(rows).toEqual([{ told: 1, booked: 1 }]);
}

async function untilWebhooksAreProcessed(): Promise<void> {
  for (;;) {
    const { rows } = await world.pool.query(
      'select 1 from webhook_delivery where processed_at is null limit 1',
    );
    if (rows.length === 0) return;
  }
}

describe('webhook against confirmation against janitor (Saleor #12652, Medusa #13301)', () => {
  it('captures once, whoever is first', async () => {
    await world.vendor.sendWebhooksTo(null);
    for (let round = 0; round < 3; round += 1) {
      const payment = await startPayment(world);
      const vendorPaymentId = await world.vendor.pay(payment.checkoutUrl);
      await Promise.all([
        sendWebhook(vendorPaymentId),
        confirm(payment, vendorPaymentId),
        hurry(world, 'resolve-payment'),
        mutate('verifyPayment', { paymentId: payment.id }, payment),
        confirm(payment, vendorPaymentId),
        sendWebhook(vendorPaymentId),
      ]);
      await expectCapturedOnce(payment);
    }
  });

  it('captures once when the payer comes back while the webhook is being processed', async () => {
    const payment = await startPayment(world);
    await using held = await world.vendor.hold('razorpay.fetch-payment.after');
    const vendorPaymentId = await world.vendor.pay(payment.checkoutUrl);
    await world.vendor.waitUntilHeld('razorpay.fetch-payment.after');
    const confirming = confirm(payment, vendorPaymentId);
    const verifying = mutate('verifyPayment', { paymentId: payment.id }, payment);
    await verifying;
    await held[Symbol.asyncDispose]();
    await confirming;
    await expectCapturedOnce(payment);
  });
});

describe('two webhooks at once (Lago PR 3223)', () => {
  it.each([
    ['of the same event', () => 'the-same-event'],
    ['of two events about the same capture', () => uuidv7()],
  ])('%s: one capture', async (_what, toEventId) => {
    await world.vendor.sendWebhooksTo(null);
    const payment = await startPayment(world);
    const vendorPaymentId = await world.vendor.pay(payment.checkoutUrl);
    const answers = await times(10, () => sendWebhook(vendorPaymentId, `${payment.id}:${toEventId()}`));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    await expectCapturedOnce(payment);
  });
});

describe('double initiate', () => {
  it('under one key: one payment and one order, however many ask', async () => {
    const { actor, input } = await newAttempt(world);
    const answers = await times(20, () => initiate(world, actor, input));
    const ids = new Set(answers.flatMap(({ payment }) => payment?.id ?? []));
    expect(ids.size).toBe(1);
    expect(await world.vendor.ordersOf([...ids][0]!)).toHaveLength(1);
  });

  it('under many keys, and the payer pays all that was shown: one is kept, the others go back', async () => {
    const { actor, request } = await newAttempt(world);
    const answers = await times(5, async () => {
      const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
      return initiate(world, actor, { paymentRequest, idempotencyKey: uuidv7(), returnUrl });
    });
    const started = answers.flatMap(({ payment }) => payment ?? []);
    const shown = started.flatMap(({ checkoutUrl }) => checkoutUrl ?? []);
    await Promise.all(shown.map((url) => world.vendor.pay(url)));
    const isSettledOrBack = async (id: string) => {
      const all = ({ status }: { status: string }) => ['CAPTURED', 'REFUNDED'].includes(status);
      return waitForStatus(world, { actor, id }, all);
    };
    const paid = started.filter(({ checkoutUrl }) => checkoutUrl !== null);
    await Promise.all(paid.map(({ id }) => isSettledOrBack(id)));
    for (;;) {
      const now = await Promise.all(paid.map(({ id }) => readPayment(world, actor, id)));
      const kept = now.filter(({ status }) => status === 'CAPTURED');
      if (kept.length === 1) break;
      expect(kept.length).toBeGreaterThan(1);
    }
    const { rows: told } = await world.pool.query(
      `select from event_log where type = 'payment.captured' and payload->>'installmentId' = $1`,
      [request.installmentId],
    );
    expect(told).toHaveLength(1);
  });
});

describe('refund before capture', () => {
  it('is refused, and the money that comes then is all there', async () => {
    const payment = await startPayment(world);
    const [early] = await Promise.all([
      refund(world, { paymentId: payment.id }),
      world.vendor.pay(payment.checkoutUrl),
    ]);
    expect(early).toEqual({ id: null, codes: ['PAYMENT_NOT_REFUNDABLE'] });
    await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
    expect((await readRefunds(world, payment)).refunds).toEqual([]);
  });

  it('whose webhook comes before that of the capture: both are known in the end', async () => {
    await world.vendor.strike({ call: 'send-webhook', fault: 'reordered', times: 3 });
    const payment = await startSettledSilently();
    await refund(world, { paymentId: payment.id });
    await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
    await world.vendor.calm();
    await untilWebhooksAreProcessed();
    expect(await readRefunds(world, payment)).toMatchObject({ status: 'REFUNDED' });
  });

  /** Captured by confirmation, while the vendor's webhooks wait to be sent out of order. */
  async function startSettledSilently(): Promise<StartedPayment> {
    const payment = await startPayment(world);
    await confirm(payment, await world.vendor.pay(payment.checkoutUrl));
    await world.pool.query("update payment set settlement = 'SETTLED' where id = $1", [payment.id]);
    return payment;
  }
});
