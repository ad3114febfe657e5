import { describe, expect, it } from 'vitest';
import {
  call,
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

const ORDER = { amount: 50_000, currency: 'INR' };
const BEFORE = 'razorpay.create-order.before';
const AFTER = 'razorpay.create-order.after';

const createOrderScenario = (fault: string, more: Record<string, unknown> = {}) => ({
  party: 'razorpay',
  call: 'create-order',
  fault,
  ...more,
});

describe('holds', () => {
  it.each([
    [BEFORE, 0],
    [AFTER, 1],
  ])('at %s stop a request with %i orders made, until released', async (point, ordersMade) => {
    await using sandbox = await startSandbox();
    const control = controlOf(sandbox);
    await control.post('/hold', { point });
    const answer = razorpayOf(sandbox).post('/orders', ORDER);
    expect((await control.get(`/hold/${point}/wait`)).body).toEqual({ point, held: 1 });
    expect((await razorpayOf(sandbox).get('/orders')).body.count).toBe(ordersMade);
    expect((await control.delete(`/hold/${point}`)).body).toEqual({ point, released: 1 });
    expect(await answer).toMatchObject({ status: 200, body: { status: 'created' } });
    expect((await control.get('/hold')).body[point]).toEqual({ on: false, held: 0 });
  });

  it.each([
    [BEFORE, 0],
    [AFTER, 1],
  ])('at %s end with a client that goes away, leaving %i orders', async (point, ordersMade) => {
    await using sandbox = await startSandbox();
    const control = controlOf(sandbox);
    await control.post('/hold', { point });
    const leaving = new AbortController();
    const answer = razorpayOf(sandbox).post('/orders', ORDER, { signal: leaving.signal });
    await control.get(`/hold/${point}/wait`);
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await waitForState(sandbox, ({ holds }) => holds[point].held === 0);
    await control.delete(`/hold/${point}`);
    expect((await razorpayOf(sandbox).get('/orders')).body.count).toBe(ordersMade);
  });

  it('let other calls pass', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).post('/hold', { point: BEFORE });
    expect((await razorpayOf(sandbox).get('/orders')).status).toBe(200);
  });

  it('answer a wait with 0 when nothing comes in time', async () => {
    await using sandbox = await startSandbox();
    const { body } = await controlOf(sandbox).get(`/hold/${BEFORE}/wait?timeoutMs=5`);
    expect(body).toEqual({ point: BEFORE, held: 0 });
  });

  it('answer a wait that began before the request came', async () => {
    await using sandbox = await startSandbox();
    const control = controlOf(sandbox);
    const wait = control.get(`/hold/${AFTER}/wait`);
    await control.post('/hold', { point: AFTER });
    const answer = razorpayOf(sandbox).post('/orders', ORDER);
    expect((await wait).body.held).toBe(1);
    await control.delete('/hold');
    expect((await answer).status).toBe(200);
  });

  it('are cut off, undone, by a reset', async () => {
    await using sandbox = await startSandbox();
    const control = controlOf(sandbox);
    await control.post('/hold', { point: BEFORE });
    const answer = razorpayOf(sandbox).post('/orders', ORDER);
    await control.get(`/hold/${BEFORE}/wait`);
    await Promise.all([expect(answer).rejects.toThrow(), control.post('/reset')]);
    expect((await razorpayOf(sandbox).get('/orders')).body.count).toBe(0);
  });

  it('do not keep the sandbox from closing', async () => {
    const sandbox = await startSandbox();
    await controlOf(sandbox).post('/hold', { point: AFTER });
    const answer = razorpayOf(sandbox).post('/orders', ORDER);
    await controlOf(sandbox).get(`/hold/${AFTER}/wait`);
    await Promise.all([expect(answer).rejects.toThrow(), sandbox.close()]);
  });

  it('show a merchant its webhook before the answer', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    const { paymentId } = await createPaid(sandbox);
    await controlOf(sandbox).post('/hold', { point: 'razorpay.create-refund.after' });
    const answer = razorpayOf(sandbox).post(`/payments/${paymentId}/refund`, {});
    await receiver.waitFor(5);
    expect(receiver.events().slice(3)).toEqual(['refund.created', 'refund.processed']);
    await controlOf(sandbox).delete('/hold');
    expect((await answer).status).toBe(200);
  });
});

describe('scenarios', () => {
  it.each([
    ['before', 0],
    ['after', 1],
  ])('answer 500 %s the work, %i orders made', async (when, ordersMade) => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).post('/scenario', createOrderScenario('500', { when }));
    expect(await razorpayOf(sandbox).post('/orders', ORDER)).toMatchObject({
      status: 500,
      body: { error: { code: 'SERVER_ERROR' } },
    });
    expect((await razorpayOf(sandbox).get('/orders')).body.count).toBe(ordersMade);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('reset the connection %s the work, %i orders made', async (when, ordersMade) => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).post('/scenario', createOrderScenario('reset', { when }));
    await expect(razorpayOf(sandbox).post('/orders', ORDER)).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) },
    });
    expect((await razorpayOf(sandbox).get('/orders')).body.count).toBe(ordersMade);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('never answer %s the work, %i orders made', async (when, ordersMade) => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).post('/scenario', createOrderScenario('timeout', { when }));
    const leaving = new AbortController();
    const answer = razorpayOf(sandbox).post('/orders', ORDER, { signal: leaving.signal });
    await waitForState(sandbox, ({ scenarios }) => scenarios.length === 0);
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect((await razorpayOf(sandbox).get('/orders')).body.count).toBe(ordersMade);
  });

  it('answer late', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).post('/scenario', createOrderScenario('delayed', { delayMs: 20 }));
    expect((await razorpayOf(sandbox).post('/orders', ORDER)).status).toBe(200);
    expect((await controlOf(sandbox).get('/scenario')).body).toEqual([]);
  });

  it('strike so many calls, then no more', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).post('/scenario', createOrderScenario('500', { times: 2 }));
    const statuses: number[] = [];
    for (let index = 0; index < 3; index += 1)
      statuses.push((await razorpayOf(sandbox).post('/orders', ORDER)).status);
    expect(statuses).toEqual([500, 500, 200]);
  });
});

describe('the bank', () => {
  it('answers a pending payment later', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const click = { checkoutUrl: checkoutUrlOf(sandbox, order), outcome: 'pending' };
    const { paymentId, status } = (await controlOf(sandbox).post('/pay', click)).body;
    expect(status).toBe('created');
    const answer = { paymentId, outcome: 'success' };
    expect((await controlOf(sandbox).post('/bank-answer', answer)).body.status).toBe('captured');
    expect(await controlOf(sandbox).post('/bank-answer', answer)).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT', field: 'paymentId', rule: 'unanswered' } },
    });
  });

  it('may say yes after a no', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    const checkoutUrl = checkoutUrlOf(sandbox, await createOrder(sandbox));
    const { paymentId } = (await controlOf(sandbox).post('/pay', { checkoutUrl, outcome: 'decline' })).body;
    await controlOf(sandbox).post('/bank-answer', { paymentId, outcome: 'success' });
    await receiver.waitFor(4);
    expect(receiver.events()).toEqual([
      'payment.failed',
      'payment.authorized',
      'payment.captured',
      'order.paid',
    ]);
    expect(receiver.received[3]?.body.payload.payment.entity.error_code).toBeNull();
  });

  it('may say yes when the order has been paid otherwise: that money is never captured', async () => {
    await using sandbox = await startSandbox();
    const checkoutUrl = checkoutUrlOf(sandbox, await createOrder(sandbox));
    const { paymentId } = (await controlOf(sandbox).post('/pay', { checkoutUrl, outcome: 'decline' })).body;
    await controlOf(sandbox).post('/pay', { checkoutUrl, outcome: 'success' });
    const late = (await controlOf(sandbox).post('/bank-answer', { paymentId, outcome: 'success' })).body;
    expect(late.status).toBe('authorized');
  });

  it('may pay another amount', async () => {
    await using sandbox = await startSandbox();
    const order = await createOrder(sandbox);
    const click = { checkoutUrl: checkoutUrlOf(sandbox, order), outcome: 'success', amountMinor: 100 };
    expect((await controlOf(sandbox).post('/pay', click)).body.status).toBe('captured');
    expect((await razorpayOf(sandbox).get(`/orders/${order.id}`)).body).toMatchObject({
      status: 'attempted',
      amount_paid: 100,
      amount_due: 49_900,
    });
  });
});

describe('the control API', () => {
  it('answers a click with everything the merchant’s page would get', async () => {
    await using sandbox = await startSandbox();
    const paid = await createPaid(sandbox);
    expect(paid).toEqual({
      paymentId: expect.stringMatching(/^pay_/),
      orderId: expect.stringMatching(/^order_/),
      status: 'captured',
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      callback: {
        razorpay_payment_id: paid.paymentId,
        razorpay_order_id: paid.orderId,
        razorpay_signature: paid.signature,
      },
    });
  });

  it('forgets everything on reset but the webhook address', async () => {
    await using receiver = await Receiver.start([500]);
    await using sandbox = await startSandbox({ webhookUrl: receiver.url });
    await createPaid(sandbox);
    await controlOf(sandbox).post('/scenario', createOrderScenario('500'));
    await controlOf(sandbox).post('/hold', { point: AFTER });
    await controlOf(sandbox).post('/reset');
    const { razorpay, scenarios, holds } = (await controlOf(sandbox).get('/state')).body;
    expect(razorpay).toEqual({
      orders: [],
      payments: [],
      qrCodes: [],
      refunds: [],
      webhookUrl: receiver.url,
      webhooks: [],
    });
    expect(scenarios).toEqual([]);
    expect(Object.values(holds).every((hold: Json) => !hold.on && hold.held === 0)).toBe(true);
  });

  it('limits the state it shows', async () => {
    await using sandbox = await startSandbox();
    await createOrder(sandbox, { receipt: '1' });
    await createOrder(sandbox, { receipt: '2' });
    const { razorpay } = (await controlOf(sandbox).get('/state?limit=1')).body;
    expect(razorpay.orders.map((order: Json) => order.receipt)).toEqual(['2']);
  });

  const PAY = { checkoutUrl: 'http://x/razorpay/checkout/order_00000000000000', outcome: 'success' };
  it.each([
    ['/pay', {}, 400, 'INVALID_INPUT', 'checkoutUrl'],
    ['/pay', { ...PAY, checkoutUrl: 'http://' }, 400, 'INVALID_INPUT', 'checkoutUrl'],
    ['/pay', { ...PAY, checkoutUrl: 'http://x/%' }, 404, 'NOT_FOUND', 'checkoutUrl'],
    ['/pay', { ...PAY, outcome: 'perhaps' }, 400, 'INVALID_INPUT', 'outcome'],
    ['/pay', { ...PAY, extra: 1 }, 400, 'INVALID_INPUT', 'extra'],
    ['/pay', PAY, 404, 'NOT_FOUND', 'checkoutUrl'],
    ['/bank-answer', { paymentId: 'pay_x', outcome: 'success' }, 404, 'NOT_FOUND', 'paymentId'],
    ['/hold', { point: 'razorpay.nowhere.before' }, 400, 'INVALID_INPUT', 'point'],
    ['/scenario', createOrderScenario('lost'), 400, 'INVALID_INPUT', 'fault'],
    ['/scenario', { party: 'x', call: 'y', fault: '500' }, 400, 'INVALID_INPUT', 'call'],
    ['/scenario', createOrderScenario('500', { times: 0 }), 400, 'INVALID_INPUT', 'times'],
    [
      '/scenario',
      { party: 'razorpay', call: 'send-webhook', fault: 'lost', when: 'after' },
      400,
      'INVALID_INPUT',
      'when',
    ],
    ['/webhook', { url: 'ftp://x/' }, 400, 'INVALID_INPUT', 'url'],
    ['/nowhere', {}, 404, 'NOT_FOUND', 'path'],
  ])('refuses %s %j', async (path, body, status, code, field) => {
    await using sandbox = await startSandbox();
    expect(await controlOf(sandbox).post(path, body)).toEqual({
      status,
      body: { error: { code, field, rule: expect.any(String) } },
    });
  });

  it('refuses what is not JSON, and a click on a paid order', async () => {
    await using sandbox = await startSandbox();
    const broken = await fetch(`${sandbox.url}/control/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
    const { orderId } = await createPaid(sandbox);
    const click = { checkoutUrl: checkoutUrlOf(sandbox, { id: orderId }), outcome: 'success' };
    expect(await controlOf(sandbox).post('/pay', click)).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT', field: 'checkoutUrl', rule: 'order-unpaid' } },
    });
  });
});

it('has a page of its own', async () => {
  await using sandbox = await startSandbox();
  const page = await (await fetch(sandbox.url)).text();
  expect(page).toContain('Suvidha provider sandbox');
  for (const asset of ['dashboard.css', 'dashboard.js'])
    expect((await fetch(`${sandbox.url}/assets/${asset}`)).status).toBe(200);
  expect((await call('GET', `${sandbox.url}/inbox`)).body).toEqual([]);
});
