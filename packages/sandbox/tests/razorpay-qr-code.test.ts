import { expect, it } from 'vitest';
import { controlOf, type Json, Receiver, razorpayOf, startSandbox } from './sandbox.fixture.ts';

const body = { type: 'upi_qr', usage: 'single_use', fixed_amount: true, payment_amount: 30_000 };

it('is paid once by scanning, tells the merchant, and closes', async () => {
  await using receiver = await Receiver.start();
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  const razorpay = razorpayOf(sandbox);
  const code = (await razorpay.post('/payments/qr_codes', body)).body;
  expect(code).toMatchObject({ entity: 'qr_code', status: 'active', notes: [], close_reason: null });
  const scan = () => controlOf(sandbox).post('/scan', { codeId: code.id, outcome: 'success' });
  expect((await scan()).body).toMatchObject({ orderId: null, status: 'captured' });
  expect((await scan()).status).toBe(409);
  expect((await razorpay.get(`/payments/qr_codes/${code.id}`)).body).toMatchObject({
    status: 'closed',
    close_reason: 'paid',
    payments_amount_received: 30_000,
    payments_count_received: 1,
  });
  const { items } = (await razorpay.get(`/payments/qr_codes/${code.id}/payments`)).body;
  expect(items).toMatchObject([{ order_id: null, amount: 30_000, method: 'upi' }]);
  const found = (await razorpay.get(`/payments/qr_codes?payment_id=${items[0].id}`)).body;
  expect(found.items.map((item: Json) => item.id)).toEqual([code.id]);
  await receiver.waitFor(5);
  expect(receiver.events()).toEqual([
    'qr_code.created',
    'payment.authorized',
    'payment.captured',
    'qr_code.credited',
    'qr_code.closed',
  ]);
});

it('is a picture, and its content only for an account that may draw it', async () => {
  await using sandbox = await startSandbox();
  const code = (await razorpayOf(sandbox).post('/payments/qr_codes', body)).body;
  expect(code).not.toHaveProperty('image_content');
  const picture = await fetch(code.image_url);
  expect(picture.headers.get('content-type')).toContain('image/svg+xml');
  expect(await picture.text()).toMatch(/^<svg /);
  await using enabled = await startSandbox({ hasImageContent: true });
  const { image_content: content } = (await razorpayOf(enabled).post('/payments/qr_codes', body)).body;
  expect(content).toMatch(/^upi:\/\/pay\?.*am=300\.00/);
});

it('keeps the first of two payments that were on their way, and gives the second back', async () => {
  await using sandbox = await startSandbox();
  const [razorpay, control] = [razorpayOf(sandbox), controlOf(sandbox)];
  const { id } = (await razorpay.post('/payments/qr_codes', body)).body;
  const scan = async (outcome: string) =>
    (await control.post('/scan', { codeId: id, outcome })).body.paymentId;
  const [late, first] = [await scan('pending'), await scan('success')];
  await control.post('/bank-answer', { paymentId: late, outcome: 'success' });
  const { items } = (await razorpay.get(`/payments/qr_codes/${id}/payments`)).body;
  expect(items.map((item: Json) => [item.id, item.status])).toEqual([
    [first, 'captured'],
    [late, 'refunded'],
  ]);
  expect((await razorpay.get(`/payments/qr_codes/${id}`)).body.payments_count_received).toBe(1);
});

it('can be closed by the merchant', async () => {
  await using sandbox = await startSandbox();
  const razorpay = razorpayOf(sandbox);
  const { id } = (await razorpay.post('/payments/qr_codes', body)).body;
  expect((await razorpay.post(`/payments/qr_codes/${id}/close`)).body.close_reason).toBe('on_demand');
  expect((await razorpay.post(`/payments/qr_codes/${id}/close`)).status).toBe(400);
  expect((await controlOf(sandbox).post('/scan', { codeId: id, outcome: 'success' })).status).toBe(409);
});

it.each([
  [{ ...body, fixed_amount: false }, 'fixed_amount'],
  [{ type: 'upi_qr', usage: 'multiple_use', fixed_amount: true }, 'payment_amount'],
  [{ ...body, type: 'bharat_qr' }, 'type'],
])('refuses %j', async (wrong, field) => {
  await using sandbox = await startSandbox();
  const answer = await razorpayOf(sandbox).post('/payments/qr_codes', wrong);
  expect([answer.status, answer.body.error.field]).toEqual([400, field]);
});

it('closes between 2 minutes and 2 hours from now', async () => {
  await using sandbox = await startSandbox();
  const now = Math.floor(Date.now() / 1000);
  const closeBy = async (wanted?: number) =>
    (await razorpayOf(sandbox).post('/payments/qr_codes', { ...body, ...(wanted && { close_by: wanted }) }))
      .body.close_by - now;
  expect(await closeBy(now + 1)).toBeGreaterThanOrEqual(120);
  expect(await closeBy(now + 600)).toBe(600);
  expect(await closeBy()).toBeGreaterThanOrEqual(7200);
});
