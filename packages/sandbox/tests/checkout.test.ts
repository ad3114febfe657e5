import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import {
  checkoutUrlOf,
  createOrder,
  createPaid,
  type Json,
  razorpayOf,
  startSandbox,
} from './sandbox.fixture.ts';

const CALLBACK_URL = 'https://shop.example/back?a=1&b=2';

async function open(url: string) {
  const response = await fetch(url);
  return { status: response.status, headers: response.headers, page: await response.text() };
}

async function submit(sandbox: Sandbox, order: Json, fields: Record<string, string>) {
  const response = await fetch(checkoutUrlOf(sandbox, order), {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return { status: response.status, page: await response.text() };
}

async function statusOf(sandbox: Sandbox, order: Json): Promise<string> {
  return (await razorpayOf(sandbox).get(`/orders/${order.id}`)).body.status;
}

describe('the payment page', () => {
  it('shows merchant, amount and order, and offers ways to pay', async () => {
    await using sandbox = await startSandbox({ merchantName: 'City Power & Light' });
    const order = await createOrder(sandbox, { amount: 12_345_650, receipt: 'BILL-7' });
    const { status, page } = await open(checkoutUrlOf(sandbox, order));
    expect(status).toBe(200);
    for (const text of [
      'City Power &amp; Light',
      '₹1,23,456.50',
      'BILL-7',
      order.id,
      'UPI',
      'Card',
      'Net banking',
    ])
      expect(page).toContain(text);
  });

  it('needs nothing from elsewhere', async () => {
    await using sandbox = await startSandbox();
    const { page, headers } = await open(checkoutUrlOf(sandbox, await createOrder(sandbox)));
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await open(`${sandbox.url}/assets/checkout.css`)).status).toBe(200);
  });

  it('escapes what the merchant sends', async () => {
    await using sandbox = await startSandbox({ merchantName: '<b>"Shop"</b>' });
    const order = await createOrder(sandbox, { receipt: '<script>alert(1)</script>' });
    const callback = encodeURIComponent('https://shop.example/"><script>alert(2)</script>');
    const { page } = await open(`${checkoutUrlOf(sandbox, order)}?callback_url=${callback}`);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<b>');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('escapes what the payer enters', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const { page } = await submit(sandbox, order, {
      action: 'pay',
      method: 'upi',
      vpa: '"><script>alert(1)</script>',
    });
    expect(page).not.toContain('<script');
    expect(page).toContain('Payment failed.');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'shop.example', '//shop.example'])(
    'refuses to lead back to %s',
    async (callbackUrl) => {
      await using sandbox = await startSandbox();
      const order = await createOrder(sandbox);
      const link = `${checkoutUrlOf(sandbox, order)}?callback_url=${encodeURIComponent(callbackUrl)}`;
      expect((await open(link)).status).toBe(400);
      expect((await submit(sandbox, order, { action: 'pay', callback_url: callbackUrl })).status).toBe(400);
      expect(await statusOf(sandbox, order)).toBe('created');
    },
  );

  it('is a 404 page for an unknown order', async () => {
    await using sandbox = await startSandbox();
    const { status, page } = await open(`${sandbox.url}/razorpay/checkout/order_00000000000000`);
    expect(status).toBe(404);
    expect(page).toContain('Order not found');
  });
});

describe('paying', () => {
  it('shows success and hands the signed result to the merchant by form POST', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const { status, page } = await submit(sandbox, order, { action: 'pay', callback_url: CALLBACK_URL });
    expect(status).toBe(200);
    expect(page).toContain('Payment successful');
    expect(page).toContain('method="post" action="https://shop.example/back?a=1&amp;b=2"');
    expect(page).toContain(`name="razorpay_order_id" value="${order.id}"`);
    expect(page).toMatch(/name="razorpay_payment_id" value="pay_[0-9A-Za-z]{14}"/);
    expect(page).toMatch(/name="razorpay_signature" value="[0-9a-f]{64}"/);
    expect(await statusOf(sandbox, order)).toBe('paid');
  });

  it('stays here when there is no way back', async () => {
    await using sandbox = await startSandbox();
    const { page } = await submit(sandbox, await createOrder(sandbox), { action: 'pay', callback_url: '' });
    expect(page).toContain('You can close this page');
    expect(page).not.toContain('<form');
  });

  it('shows why it failed and lets the payer try again', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const declined = await submit(sandbox, order, { action: 'decline', callback_url: CALLBACK_URL });
    expect(declined.status).toBe(200);
    expect(declined.page).toContain('Payment failed.');
    expect(declined.page).toContain('Pay ₹500.00');
    expect(await statusOf(sandbox, order)).toBe('attempted');
    await submit(sandbox, order, { action: 'pay', callback_url: CALLBACK_URL });
    expect(await statusOf(sandbox, order)).toBe('paid');
  });

  it('takes no second payment for an order', async () => {
    await using sandbox = await startSandbox();
    const { orderId } = await createPaid(sandbox);
    const order = { id: orderId };
    const { status, page } = await open(
      `${checkoutUrlOf(sandbox, order)}?callback_url=${encodeURIComponent(CALLBACK_URL)}`,
    );
    expect(status).toBe(200);
    expect(page).toContain('Already paid');
    expect(page).toContain('href="https://shop.example/back?a=1&amp;b=2"');
    expect((await submit(sandbox, order, { action: 'pay' })).status).toBe(409);
    expect((await razorpayOf(sandbox).get(`/orders/${orderId}/payments`)).body.count).toBe(1);
  });

  it.each([
    ['the failing UPI id', { method: 'upi', vpa: 'failure@razorpay' }, 'payment_failed'],
    ['no UPI id at all', { method: 'upi', vpa: 'nobody' }, 'invalid_vpa'],
    ['a card without money', { method: 'card', card_number: '4100 2800 0008 0001' }, 'insufficient_fund'],
    ['a card that times out', { method: 'card', card_number: '4100280000090000' }, 'payment_timed_out'],
    ['a cancelled card payment', { method: 'card', card_number: '4100 2800 0007 0002' }, 'payment_cancelled'],
    ['a declined card', { method: 'card', card_number: '4100 2800 0006 0003' }, 'card_declined'],
    ['a bad card', { method: 'card', card_number: '4100 2800 0001 0008' }, 'card_number_invalid'],
    ['a broken gateway', { method: 'card', card_number: '4100 2800 0002 0007' }, 'gateway_technical_error'],
    ['a short one-time password', { method: 'card', otp: '123' }, 'invalid_otp'],
    ['a good card', { method: 'card' }, null],
    ['a RuPay card', { method: 'card', card_number: '6527 6589 0000 1005' }, null],
    ['net banking', { method: 'netbanking', bank: 'SBIN' }, null],
  ])('with %s', async (_name, fields: Record<string, string>, reason) => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    await submit(sandbox, order, { action: 'pay', ...fields });
    const [payment] = (await razorpayOf(sandbox).get(`/orders/${order.id}/payments`)).body.items;
    expect(payment).toMatchObject({
      method: fields.method,
      status: reason === null ? 'captured' : 'failed',
      error_reason: reason,
    });
  });
});
