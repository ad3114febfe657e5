import Razorpay from 'razorpay';
import { validatePaymentVerification } from 'razorpay/dist/utils/razorpay-utils.js';
import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { controlOf, createPaid, credentials, Receiver, startSandbox } from './sandbox.fixture.ts';
import { startVendorProxy } from './vendor-proxy.fixture.ts';

const { keyId, keySecret, webhookSecret } = credentials.razorpay;

/** Razorpay's own SDK as a merchant uses it: it believes to talk to api.razorpay.com. */
function createSdk(secret = keySecret): Razorpay {
  return new Razorpay({ key_id: keyId, key_secret: secret });
}

function redirect(sandbox: Sandbox): Promise<AsyncDisposable> {
  return startVendorProxy({ host: 'api.razorpay.com', target: `${sandbox.url}/razorpay` });
}

it('creates and finds orders', async () => {
  await using sandbox = await startSandbox();
  await using _proxy = await redirect(sandbox);
  const { orders } = createSdk();
  const order = await orders.create({
    amount: 50_000,
    currency: 'INR',
    receipt: 'PAY-1',
    notes: { bill: '7' },
  });
  expect(order).toMatchObject({ status: 'created', receipt: 'PAY-1', notes: { bill: '7' } });
  expect(await orders.fetch(order.id)).toEqual(order);
  expect(await orders.all({ receipt: 'PAY-1' })).toEqual({ entity: 'collection', count: 1, items: [order] });
  expect(await orders.edit(order.id, { notes: { bill: '8' } })).toMatchObject({ notes: { bill: '8' } });
});

it('fetches, captures and refunds payments', async () => {
  await using sandbox = await startSandbox();
  await using _proxy = await redirect(sandbox);
  const { orders, payments, refunds } = createSdk();
  const { paymentId, orderId } = await createPaid(sandbox, { payment: { capture: 'manual' } });
  expect(await payments.fetch(paymentId)).toMatchObject({ status: 'authorized', order_id: orderId });
  expect(await payments.capture(paymentId, 50_000, 'INR')).toMatchObject({ status: 'captured' });
  expect((await orders.fetchPayments(orderId)).items).toMatchObject([{ id: paymentId }]);
  const refund = await payments.refund(paymentId, { amount: 20_000 });
  expect(await refunds.fetch(refund.id)).toMatchObject({ payment_id: paymentId, amount: 20_000 });
  expect(await refunds.edit(refund.id, { notes: { why: 'late' } })).toMatchObject({ notes: { why: 'late' } });
  expect(await payments.fetchMultipleRefund(paymentId, {})).toMatchObject({ count: 1 });
  expect((await payments.all({ count: 5 })).items).toMatchObject([
    { id: paymentId, refund_status: 'partial' },
  ]);
});

it('makes, reads and closes QR codes', async () => {
  await using sandbox = await startSandbox();
  await using _proxy = await redirect(sandbox);
  const { qrCode } = createSdk();
  const code = await qrCode.create({
    type: 'upi_qr',
    usage: 'single_use',
    fixed_amount: true,
    payment_amount: 30_000,
  });
  expect(await qrCode.fetch(code.id)).toEqual(code);
  await controlOf(sandbox).post('/scan', { codeId: code.id, outcome: 'decline' });
  expect(await qrCode.fetchAllPayments(code.id, {})).toMatchObject({ items: [{ status: 'failed' }] });
  expect(await qrCode.close(code.id)).toMatchObject({ status: 'closed', close_reason: 'on_demand' });
  expect(await qrCode.all({})).toMatchObject({ count: 1, items: [{ id: code.id }] });
});

it('reads the errors', async () => {
  await using sandbox = await startSandbox();
  await using _proxy = await redirect(sandbox);
  await expect(createSdk().orders.create({ amount: 1, currency: 'INR' })).rejects.toMatchObject({
    statusCode: 400,
    error: { code: 'BAD_REQUEST_ERROR', field: 'amount', reason: 'input_validation_failed' },
  });
  await expect(createSdk('wrong').orders.all()).rejects.toMatchObject({
    statusCode: 401,
    error: { description: 'Authentication failed' },
  });
});

it('accepts the signatures of checkout and webhooks, and no others', async () => {
  await using receiver = await Receiver.start();
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  const { paymentId, orderId, signature } = await createPaid(sandbox);
  const ids = { order_id: orderId, payment_id: paymentId };
  expect(validatePaymentVerification(ids, signature, keySecret)).toBe(true);
  expect(validatePaymentVerification(ids, signature, 'wrong')).toBe(false);
  await receiver.waitFor(3);
  for (const { raw, headers } of receiver.received) {
    const given = String(headers['x-razorpay-signature']);
    expect(Razorpay.validateWebhookSignature(raw, given, webhookSecret)).toBe(true);
    expect(Razorpay.validateWebhookSignature(`${raw} `, given, webhookSecret)).toBe(false);
  }
});
