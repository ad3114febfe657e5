import { createHmac } from 'node:crypto';
import { anonymous } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { testActor, testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  hurry,
  type PaymentsWorld,
  readPayment,
  type StartedPayment,
  startPayment,
  startPayments,
  waitForStatus,
} from './payments.fixture.ts';
import { keySecret } from './vendor.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
  await world.vendor.sendWebhooksTo(null);
});
afterEach(() => world.vendor.calm());
afterAll(() => world[Symbol.asyncDispose]());

interface Answer {
  readonly payment: { readonly status: string } | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

async function mutate(
  name: 'confirmPayment' | 'verifyPayment',
  input: object,
  actor: Parameters<typeof testIdentity>[0],
) {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { payment { status } userErrors { code field } } }`;
  const { data, errors } = await world.app.execute({ query, variables: { input } }, testIdentity(actor));
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  return data?.[name] as Answer;
}

const orderIdOf = async (payment: StartedPayment) => (await world.vendor.ordersOf(payment.id))[0]!.id;

/** What checkout hands to the client, signed by the vendor, or by somebody else. */
async function handedOver(payment: StartedPayment, vendorPaymentId: string, secret = keySecret) {
  const orderId = await orderIdOf(payment);
  const signature = createHmac('sha256', secret).update(`${orderId}|${vendorPaymentId}`).digest('hex');
  const fields = {
    razorpay_payment_id: vendorPaymentId,
    razorpay_order_id: orderId,
    razorpay_signature: signature,
  };
  return Object.entries(fields).map(([name, value]) => ({ name, value }));
}

const confirm = (
  payment: StartedPayment,
  fields: object,
  actor: Parameters<typeof testIdentity>[0] = payment.actor,
) => mutate('confirmPayment', { paymentId: payment.id, fields }, actor);

const forged = {
  payment: null,
  userErrors: [{ code: 'PAYMENT_SIGNATURE_INVALID', field: ['input', 'fields'] }],
};

describe('confirmPayment', () => {
  it('captures on a signature that holds, before any webhook, and again changes nothing', async () => {
    const payment = await startPayment(world);
    const fields = await handedOver(payment, await world.vendor.pay(payment.checkoutUrl));
    const answers = await Promise.all([confirm(payment, fields), confirm(payment, fields)]);
    expect(answers).toEqual(Array(2).fill({ payment: { status: 'CAPTURED' }, userErrors: [] }));
    const { timeline } = await readPayment(world, payment.actor, payment.id);
    expect(timeline.filter(({ status }) => status === 'CAPTURED')).toHaveLength(1);
  });

  it('refuses a signature of somebody else, of another order, and none', async () => {
    const payment = await startPayment(world);
    const other = await startPayment(world);
    const vendorPaymentId = await world.vendor.pay(payment.checkoutUrl);
    expect(await confirm(payment, await handedOver(payment, vendorPaymentId, 'a guess'))).toEqual(forged);
    expect(await confirm(other, await handedOver(payment, vendorPaymentId))).toEqual(forged);
    expect(await confirm(payment, [])).toEqual(forged);
    expect(await readPayment(world, payment.actor, payment.id)).toMatchObject({ status: 'PENDING' });
    expect(await readPayment(world, other.actor, other.id)).toMatchObject({ status: 'PENDING' });
  });

  it('takes no signature for money: an attempt that was declined stays one', async () => {
    const payment = await startPayment(world);
    const fields = await handedOver(payment, await world.vendor.pay(payment.checkoutUrl, 'decline'));
    expect(await confirm(payment, fields)).toEqual({ payment: { status: 'FAILED' }, userErrors: [] });
  });

  it('sets money of another amount apart', async () => {
    const payment = await startPayment(world);
    const fields = await handedOver(payment, await world.vendor.pay(payment.checkoutUrl, 'success', 100));
    expect(await confirm(payment, fields)).toEqual({ payment: { status: 'QUARANTINED' }, userErrors: [] });
  });

  it('answers the payment as it is when the vendor cannot be asked; the janitor asks later', async () => {
    const payment = await startPayment(world);
    const fields = await handedOver(payment, await world.vendor.pay(payment.checkoutUrl));
    await world.vendor.strike({ call: 'fetch-payment', fault: '500', times: 3 });
    expect(await confirm(payment, fields)).toEqual({ payment: { status: 'PENDING' }, userErrors: [] });
    await world.vendor.calm();
    await hurry(world, 'resolve-payment');
    await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
  });

  it.each([
    ['somebody else', () => testActor()],
    ['the anonymous with a guess of a token', () => anonymous],
  ])('does not find a payment for %s', async (_who, who) => {
    const payment = await startPayment(world);
    const input = { paymentId: payment.id, fields: [], accessToken: 'a guess' };
    expect(await mutate('confirmPayment', input, who())).toMatchObject({
      payment: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
  });
});

describe('verifyPayment', () => {
  it('asks the vendor now', async () => {
    const payment = await startPayment(world);
    const verify = () => mutate('verifyPayment', { paymentId: payment.id }, payment.actor);
    expect(await verify()).toEqual({ payment: { status: 'PENDING' }, userErrors: [] });
    await world.vendor.pay(payment.checkoutUrl);
    expect(await verify()).toEqual({ payment: { status: 'CAPTURED' }, userErrors: [] });
    expect(await verify()).toEqual({ payment: { status: 'CAPTURED' }, userErrors: [] });
  });

  it('says so when the vendor cannot be asked, and decides nothing', async () => {
    const payment = await startPayment(world);
    await world.vendor.strike({ call: 'list-order-payments', fault: '500', times: 3 });
    expect(await mutate('verifyPayment', { paymentId: payment.id }, payment.actor)).toMatchObject({
      payment: null,
      userErrors: [{ code: 'GATEWAY_UNAVAILABLE' }],
    });
    expect(await readPayment(world, payment.actor, payment.id)).toMatchObject({ status: 'PENDING' });
  });

  it('finds no payment of somebody else, nor one that is not there', async () => {
    const payment = await startPayment(world);
    for (const paymentId of [payment.id, uuidv7(), 'nonsense'])
      expect(await mutate('verifyPayment', { paymentId }, testActor())).toMatchObject({
        payment: null,
        userErrors: [{ code: 'NOT_FOUND' }],
      });
  });
});

it('asks the vendor in the background when somebody looks at a payment that is undecided', async () => {
  const payment = await startPayment(world);
  await world.vendor.pay(payment.checkoutUrl);
  world.clock.aheadMs = 6_000;
  try {
    await readPayment(world, payment.actor, payment.id);
    await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
  } finally {
    world.clock.aheadMs = 0;
  }
});

it("hands a client what the vendor's own checkout needs, while the vendor waits for a payer", async () => {
  const payment = await startPayment(world);
  const query = '{ payment(id: "ID") { checkoutParameters { name value } } }'.replace('ID', payment.id);
  const read = async () =>
    (await world.app.execute({ query }, testIdentity(payment.actor))).data?.payment as {
      checkoutParameters: { name: string; value: string }[] | null;
    };
  expect((await read()).checkoutParameters).toContainEqual({
    name: 'order_id',
    value: await orderIdOf(payment),
  });
  await world.vendor.pay(payment.checkoutUrl);
  await mutate('verifyPayment', { paymentId: payment.id }, payment.actor);
  expect(await read()).toEqual({ checkoutParameters: null });
});
