import { describe, expect, it } from 'vitest';
import {
  basic,
  call,
  checkoutUrlOf,
  controlOf,
  createOrder,
  createPaid,
  credentials,
  type Json,
  razorpayOf,
  startSandbox,
  waitForState,
} from './sandbox.fixture.ts';

function badRequest(fields: Record<string, unknown>) {
  return { status: 400, body: { error: { code: 'BAD_REQUEST_ERROR', metadata: {}, ...fields } } };
}

describe('orders', () => {
  it('creates one and shows it', async () => {
    await using sandbox = await startSandbox();
    const { status, body } = await razorpayOf(sandbox).post('/orders', {
      amount: 50_000,
      currency: 'INR',
      receipt: 'PAY-1',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^order_[0-9A-Za-z]{14}$/),
      entity: 'order',
      amount: 50_000,
      amount_paid: 0,
      amount_due: 50_000,
      currency: 'INR',
      receipt: 'PAY-1',
      offer_id: null,
      status: 'created',
      attempts: 0,
      notes: [],
      created_at: expect.any(Number),
    });
    expect((await razorpayOf(sandbox).get(`/orders/${body.id}`)).body).toEqual(body);
  });

  it('finds them by receipt, newest first, though receipts may repeat', async () => {
    await using sandbox = await startSandbox();
    const first = await createOrder(sandbox, { receipt: 'R-1', notes: { bill: '7' } });
    await createOrder(sandbox, { receipt: 'R-2' });
    const third = await createOrder(sandbox, { receipt: 'R-1' });
    const found = (await razorpayOf(sandbox).get('/orders?receipt=R-1')).body;
    expect(found).toEqual({ entity: 'collection', count: 2, items: [third, first] });
    expect(first.notes).toEqual({ bill: '7' });
    const none = (await razorpayOf(sandbox).get('/orders?receipt=R-3')).body;
    expect(none).toEqual({ entity: 'collection', count: 0, items: [] });
  });

  it('pages through them, ten at a time unless told', async () => {
    await using sandbox = await startSandbox();
    for (let index = 0; index < 11; index += 1) await createOrder(sandbox, { receipt: String(index) });
    const receipts = async (query: string) =>
      (await razorpayOf(sandbox).get(`/orders${query}`)).body.items.map((order: Json) => order.receipt);
    expect(await receipts('')).toHaveLength(10);
    expect(await receipts('?count=2&skip=9')).toEqual(['1', '0']);
    expect(await receipts('?to=1')).toEqual([]);
  });

  it('changes notes', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const edited = await razorpayOf(sandbox).patch(`/orders/${order.id}`, { notes: { bill: '8' } });
    expect(edited.body).toEqual({ ...order, notes: { bill: '8' } });
  });

  const ORDER = { amount: 50_000, currency: 'INR' };
  it.each([
    ['no amount', { currency: 'INR' }, { field: 'amount', description: 'The amount field is required.' }],
    [
      'too small',
      { ...ORDER, amount: 99 },
      { field: 'amount', description: 'The amount must be at least INR 1.00' },
    ],
    [
      'not whole',
      { ...ORDER, amount: 100.5 },
      { field: 'amount', description: 'The amount must be an integer.' },
    ],
    ['text for an amount', { ...ORDER, amount: '50000' }, { field: 'amount' }],
    [
      'another currency',
      { ...ORDER, currency: 'NGN' },
      { field: 'currency', description: 'Currency is not supported' },
    ],
    ['a long receipt', { ...ORDER, receipt: 'x'.repeat(41) }, { field: 'receipt' }],
    ['a long note', { ...ORDER, notes: { a: 'x'.repeat(257) } }, { field: 'notes' }],
    [
      '16 notes',
      { ...ORDER, notes: Object.fromEntries([...'abcdefghijklmnop'].map((c) => [c, c])) },
      { field: 'notes' },
    ],
    ['a short expiry', { ...ORDER, payment: { capture_options: { automatic_expiry_period: 11 } } }, {}],
    ['more', { ...ORDER, colour: 1 }, { description: 'colour is/are not required and should not be sent' }],
  ])('refuses %s', async (_name, order, fields) => {
    await using sandbox = await startSandbox();
    expect(await razorpayOf(sandbox).post('/orders', order)).toMatchObject(
      badRequest({
        source: 'business',
        step: 'payment_initiation',
        reason: 'input_validation_failed',
        ...fields,
      }),
    );
    expect((await razorpayOf(sandbox).get('/orders')).body.count).toBe(0);
  });

  it('tells an id that cannot be from one that is not there, and a wrong path from both', async () => {
    await using sandbox = await startSandbox();
    const razorpay = razorpayOf(sandbox);
    expect(await razorpay.get('/orders/order_short')).toMatchObject(
      badRequest({ description: 'order_short is not a valid id' }),
    );
    expect(await razorpay.get('/orders/order_00000000000000')).toMatchObject(
      badRequest({ description: 'The id provided does not exist' }),
    );
    expect(await razorpay.get('/nowhere')).toMatchObject(
      badRequest({
        description: 'The requested URL was not found on the server.',
        source: 'NA',
        step: 'NA',
        reason: 'NA',
      }),
    );
  });
});

it.each([
  ['no credentials', {}],
  ['a wrong secret', { authorization: basic(credentials.razorpay.keyId, 'wrong') }],
  [
    'the scheme in lower case',
    {
      authorization: basic(credentials.razorpay.keyId, credentials.razorpay.keySecret).replace(
        'Basic',
        'basic',
      ),
    },
  ],
])('answers 401 to %s', async (_name, headers: Record<string, string>) => {
  await using sandbox = await startSandbox();
  expect(await call('GET', `${sandbox.url}/razorpay/v1/orders`, { headers })).toMatchObject({
    status: 401,
    body: { error: { code: 'BAD_REQUEST_ERROR', description: 'Authentication failed' } },
  });
});

describe('payments', () => {
  it('captures by itself, with fee and tax, and marks the order paid', async () => {
    await using sandbox = await startSandbox();
    const { paymentId, orderId } = await createPaid(sandbox);
    const razorpay = razorpayOf(sandbox);
    const payment = (await razorpay.get(`/payments/${paymentId}`)).body;
    expect(payment).toMatchObject({
      id: expect.stringMatching(/^pay_[0-9A-Za-z]{14}$/),
      entity: 'payment',
      amount: 50_000,
      currency: 'INR',
      status: 'captured',
      order_id: orderId,
      method: 'upi',
      vpa: 'success@razorpay',
      captured: true,
      amount_refunded: 0,
      refund_status: null,
      fee: 1180,
      tax: 180,
      error_code: null,
      notes: [],
    });
    expect((await razorpay.get(`/orders/${orderId}`)).body).toMatchObject({
      status: 'paid',
      amount_paid: 50_000,
      amount_due: 0,
      attempts: 1,
    });
    expect((await razorpay.get(`/orders/${orderId}/payments`)).body).toEqual({
      entity: 'collection',
      count: 1,
      items: [payment],
    });
  });

  it('leaves capture to the merchant when the order says so', async () => {
    await using sandbox = await startSandbox();
    const razorpay = razorpayOf(sandbox);
    const { paymentId, status } = await createPaid(sandbox, { payment: { capture: 'manual' } });
    expect(status).toBe('authorized');
    const capture = (body: unknown) => razorpay.post(`/payments/${paymentId}/capture`, body);
    expect(await capture({ amount: 40_000, currency: 'INR' })).toMatchObject(
      badRequest({ step: 'payment_capture' }),
    );
    expect(await capture({ amount: 'all' })).toMatchObject(badRequest({ field: 'amount' }));
    expect(await capture({ amount: 50_000, currency: 'INR' })).toMatchObject({
      status: 200,
      body: { id: paymentId, status: 'captured', captured: true, fee: 1180, tax: 180 },
    });
    expect(await capture({ amount: 50_000, currency: 'INR' })).toMatchObject(
      badRequest({ description: expect.stringContaining('already paid') }),
    );
  });

  it('keeps failed attempts with their reason, and lets a later one succeed', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const click = { checkoutUrl: checkoutUrlOf(sandbox, order), outcome: 'insufficient-funds' };
    const failed = (await controlOf(sandbox).post('/pay', click)).body;
    expect(failed).toEqual({ paymentId: expect.any(String), orderId: order.id, status: 'failed' });
    expect((await razorpayOf(sandbox).get(`/payments/${failed.paymentId}`)).body).toMatchObject({
      status: 'failed',
      captured: false,
      fee: null,
      tax: null,
      error_code: 'BAD_REQUEST_ERROR',
      error_reason: 'insufficient_fund',
      error_step: 'payment_authorization',
    });
    expect((await razorpayOf(sandbox).get(`/orders/${order.id}`)).body).toMatchObject({
      status: 'attempted',
      attempts: 1,
    });
    await controlOf(sandbox).post('/pay', { ...click, outcome: 'success' });
    expect((await razorpayOf(sandbox).get(`/orders/${order.id}`)).body).toMatchObject({
      status: 'paid',
      attempts: 2,
    });
  });

  it('shows the card when asked to', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const click = { checkoutUrl: checkoutUrlOf(sandbox, order), outcome: 'success', method: 'card' };
    const { paymentId } = (await controlOf(sandbox).post('/pay', click)).body;
    const { body } = await razorpayOf(sandbox).get(`/payments/${paymentId}?expand[]=card`);
    expect(body).toMatchObject({
      method: 'card',
      card: { id: body.card_id, entity: 'card', last4: '1007', network: 'Visa' },
    });
    expect((await razorpayOf(sandbox).get(`/payments/${paymentId}`)).body).not.toHaveProperty('card');
  });
});

describe('refunds', () => {
  const KEY = { headers: { 'x-refund-idempotency': 'refund-key-0001' } };

  it('refunds in parts, then the rest', async () => {
    await using sandbox = await startSandbox();
    const razorpay = razorpayOf(sandbox);
    const { paymentId } = await createPaid(sandbox);
    const refund = (body: unknown) => razorpay.post(`/payments/${paymentId}/refund`, body);
    const first = await refund({ amount: 20_000, receipt: 'RF-1' });
    expect(first).toEqual({
      status: 200,
      body: {
        id: expect.stringMatching(/^rfnd_[0-9A-Za-z]{14}$/),
        entity: 'refund',
        amount: 20_000,
        currency: 'INR',
        payment_id: paymentId,
        notes: [],
        receipt: 'RF-1',
        acquirer_data: { arn: null },
        created_at: expect.any(Number),
        batch_id: null,
        status: 'pending',
        speed_processed: 'normal',
        speed_requested: 'normal',
      },
    });
    expect((await razorpay.get(`/payments/${paymentId}`)).body).toMatchObject({
      status: 'captured',
      amount_refunded: 20_000,
      refund_status: 'partial',
    });
    expect(await refund({ amount: 30_001 })).toMatchObject(
      badRequest({ step: 'refund_request', field: 'amount' }),
    );
    expect((await refund(undefined)).body.amount).toBe(30_000);
    expect((await razorpay.get(`/payments/${paymentId}`)).body).toMatchObject({
      status: 'refunded',
      amount_refunded: 50_000,
      refund_status: 'full',
    });
    expect(await refund({})).toMatchObject(
      badRequest({ description: 'The payment has been fully refunded already' }),
    );
    expect((await razorpay.get(`/payments/${paymentId}/refunds`)).body.count).toBe(2);
  });

  it('processes a refund in the background', async () => {
    await using sandbox = await startSandbox();
    const { paymentId } = await createPaid(sandbox);
    const { id } = (await razorpayOf(sandbox).post(`/payments/${paymentId}/refund`, { speed: 'optimum' }))
      .body;
    await waitForState(sandbox, ({ razorpay }) => razorpay.refunds[0].status === 'processed');
    const refund = (await razorpayOf(sandbox).get(`/refunds/${id}`)).body;
    expect(refund).toMatchObject({ status: 'processed', speed_processed: 'instant' });
    expect(refund.acquirer_data.arn).toMatch(/^\d{12}$/);
    expect((await razorpayOf(sandbox).get(`/payments/${paymentId}/refunds/${id}`)).body).toEqual(refund);
  });

  it('gives the money of a failed refund back to the merchant', async () => {
    await using sandbox = await startSandbox();
    const { paymentId } = await createPaid(sandbox);
    await controlOf(sandbox).post('/scenario', {
      party: 'razorpay',
      call: 'process-refund',
      fault: 'failed',
    });
    await razorpayOf(sandbox).post(`/payments/${paymentId}/refund`, {});
    await waitForState(sandbox, ({ razorpay }) => razorpay.refunds[0].status === 'failed');
    expect((await razorpayOf(sandbox).get(`/payments/${paymentId}`)).body).toMatchObject({
      status: 'captured',
      amount_refunded: 0,
      refund_status: null,
    });
  });

  it('refunds once under one key', async () => {
    await using sandbox = await startSandbox();
    const { paymentId } = await createPaid(sandbox);
    const path = `/payments/${paymentId}/refund`;
    const first = (await razorpayOf(sandbox).post(path, { amount: 20_000 }, KEY)).body;
    const again = (await razorpayOf(sandbox).post(path, { amount: 20_000 }, KEY)).body;
    expect(again.id).toBe(first.id);
    expect(await razorpayOf(sandbox).post(path, { amount: 10_000 }, KEY)).toMatchObject({
      status: 409,
      body: {
        error: { code: 'BAD_REQUEST_ERROR', description: expect.stringContaining('already been processed') },
      },
    });
    expect((await razorpayOf(sandbox).get(`/payments/${paymentId}`)).body.amount_refunded).toBe(20_000);
  });

  it('answers 409 while the first request with the key is still running', async () => {
    await using sandbox = await startSandbox();
    const control = controlOf(sandbox);
    const { paymentId } = await createPaid(sandbox);
    const path = `/payments/${paymentId}/refund`;
    await control.post('/hold', { point: 'razorpay.create-refund.after' });
    const first = razorpayOf(sandbox).post(path, {}, KEY);
    await control.get('/hold/razorpay.create-refund.after/wait');
    expect(await razorpayOf(sandbox).post(path, {}, KEY)).toMatchObject({
      status: 409,
      body: { error: { description: expect.stringContaining('still in progress') } },
    });
    await control.delete('/hold/razorpay.create-refund.after');
    const { id } = (await first).body;
    expect((await razorpayOf(sandbox).post(path, {}, KEY)).body.id).toBe(id);
  });

  it.each(['short', 'with spaces in it'])('refuses the key "%s"', async (key) => {
    await using sandbox = await startSandbox();
    const { paymentId } = await createPaid(sandbox);
    const headers = { 'x-refund-idempotency': key };
    expect(await razorpayOf(sandbox).post(`/payments/${paymentId}/refund`, {}, { headers })).toMatchObject(
      badRequest({ step: 'refund_request' }),
    );
  });

  it('refuses to refund what was not captured', async () => {
    await using sandbox = await startSandbox();
    const { paymentId } = await createPaid(sandbox, { payment: { capture: 'manual' } });
    expect(await razorpayOf(sandbox).post(`/payments/${paymentId}/refund`, {})).toMatchObject(
      badRequest({ step: 'refund_request' }),
    );
  });
});
