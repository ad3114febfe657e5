import { anonymous } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { PayableType } from '@suvidha/payment-request';
import { testActor, testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createSigner,
  hurry,
  initiate,
  inQuarterOfAnHour,
  newAttempt,
  newDebt,
  type PaymentsWorld,
  publicUrl,
  readPayment,
  returnUrl,
  startPayment,
  startPayments,
  statuses,
  toAnswer,
  waitForStatus,
} from './payments.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterEach(() => world.vendor.calm());
afterAll(() => world[Symbol.asyncDispose]());

const codesOf = async (...args: Parameters<typeof initiate>) => {
  const { payment, userErrors } = await initiate(...args);
  return { payment, codes: userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`) };
};

describe('initiatePayment', () => {
  it('answers PENDING and where to pay, with an order at the vendor', async () => {
    const { actor, input } = await newAttempt(world);
    const { payment, userErrors } = await initiate(world, actor, input);
    expect(userErrors).toEqual([]);
    const [order, ...more] = await world.vendor.ordersOf(payment!.id);
    expect(more).toEqual([]);
    expect(payment).toMatchObject({ status: 'PENDING', settlement: 'PENDING' });
    expect(payment!.checkoutUrl).toBe(`${publicUrl}/checkout/${order!.id}`);
  });

  it('gives the same payment for the same key and request', async () => {
    const { actor, input } = await newAttempt(world);
    const first = await initiate(world, actor, input);
    expect(await initiate(world, actor, input)).toEqual(first);
    expect(await world.vendor.ordersOf(first.payment!.id)).toHaveLength(1);
  });

  it('makes one payment and one order of ten calls at once; the others are told to repeat theirs', async () => {
    const { actor, input } = await newAttempt(world);
    const answers = await Promise.all(Array.from({ length: 10 }, () => initiate(world, actor, input)));
    const again = await initiate(world, actor, input);
    for (const { payment, userErrors } of answers) {
      if (payment) expect(payment).toEqual(again.payment);
      else
        expect(userErrors).toEqual([{ code: 'IDEMPOTENCY_IN_PROGRESS', field: ['input', 'idempotencyKey'] }]);
    }
    expect(await world.vendor.ordersOf(again.payment!.id)).toHaveLength(1);
    const { timeline } = await readPayment(world, actor, again.payment!.id);
    expect(statuses({ timeline })).toEqual(['CREATED', 'PENDING']);
  });

  it('says IDEMPOTENCY_IN_PROGRESS while the vendor is being asked, and the payment afterwards', async () => {
    const { actor, input } = await newAttempt(world);
    await using held = await world.vendor.hold('razorpay.create-order.after');
    const first = initiate(world, actor, input);
    await world.vendor.waitUntilHeld('razorpay.create-order.after');
    expect(await codesOf(world, actor, input)).toEqual({
      payment: null,
      codes: ['IDEMPOTENCY_IN_PROGRESS input.idempotencyKey'],
    });
    await held[Symbol.asyncDispose]();
    const { payment } = await first;
    expect((await initiate(world, actor, input)).payment).toEqual(payment);
  });

  it('goes on with what a process that died has left, at once', async () => {
    const { actor, input } = await newAttempt(world);
    await using held = await world.vendor.hold('razorpay.create-order.after');
    const lost = initiate(world, actor, input);
    await world.vendor.waitUntilHeld('razorpay.create-order.after');
    const [order] = (await world.vendor.state()).razorpay.orders;
    // As after a crash: whoever claimed the vendor call is nobody that lives.
    await world.pool.query('update payment set order_claimed_by = $2 where id = $1', [
      order!.receipt,
      uuidv7(),
    ]);
    await held[Symbol.asyncDispose]();
    const { payment } = await initiate(world, actor, input);
    expect(payment).toMatchObject({ id: order!.receipt, status: 'PENDING' });
    await lost;
    expect(await world.vendor.ordersOf(payment!.id)).toHaveLength(1);
  });

  it('shows the order to the second caller when the answer to the first is lost', async () => {
    const { actor, input } = await newAttempt(world);
    await world.vendor.strike({ call: 'create-order', fault: 'reset', when: 'after' });
    await Promise.all([initiate(world, actor, input), initiate(world, actor, input)]);
    const { payment } = await initiate(world, actor, input);
    expect(payment).toMatchObject({ status: 'PENDING', checkoutUrl: expect.any(String) });
    expect(await world.vendor.ordersOf(payment!.id)).toHaveLength(1);
  });

  it('gives a refusal again for the same key, also when it would not be given any more', async () => {
    const payment = await startPayment(world);
    await world.vendor.pay(payment.checkoutUrl);
    await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
    const paymentRequest = await world.signer.sign(payment.request, inQuarterOfAnHour());
    const input = { paymentRequest, idempotencyKey: uuidv7(), returnUrl };
    const refused = { payment: null, codes: ['PAYABLE_ALREADY_PAID input.paymentRequest'] };
    expect(await codesOf(world, payment.actor, input)).toEqual(refused);
    await world.app.consume(toAnswer('payable.rejected', payment, { reason: 'NOT_PAYABLE' }));
    await waitForStatus(world, payment, ({ status }) => status === 'REFUNDED');
    expect(await codesOf(world, payment.actor, input)).toEqual(refused);
    const fresh = { ...input, idempotencyKey: uuidv7() };
    expect((await initiate(world, payment.actor, fresh)).payment).toMatchObject({ status: 'PENDING' });
  });

  it('refuses a key of a refusal that comes with another request', async () => {
    const { actor, input } = await newAttempt(world);
    const bad = { ...input, returnUrl: 'https://evil.example/' };
    expect((await codesOf(world, actor, bad)).codes).toEqual(['RETURN_URL_NOT_ALLOWED input.returnUrl']);
    expect((await codesOf(world, actor, input)).codes).toEqual(['IDEMPOTENCY_CONFLICT input.idempotencyKey']);
  });

  it('refuses a key that was used for another request', async () => {
    const { actor, input } = await newAttempt(world);
    await initiate(world, actor, input);
    expect(await codesOf(world, actor, { ...input, returnUrl: 'http://localhost:3000/' })).toEqual({
      payment: null,
      codes: ['IDEMPOTENCY_CONFLICT input.idempotencyKey'],
    });
  });

  it('keeps the keys of two people apart', async () => {
    const mine = await newAttempt(world);
    const theirs = await newAttempt(world);
    const { idempotencyKey } = mine.input;
    const first = await initiate(world, mine.actor, mine.input);
    const second = await initiate(world, theirs.actor, { ...theirs.input, idempotencyKey });
    expect(second.payment!.id).not.toBe(first.payment!.id);
  });

  it.each([
    ['too short', 'seven77'],
    ['too long', 'k'.repeat(129)],
  ])('refuses a key that is %s', async (_what, idempotencyKey) => {
    const { actor, input } = await newAttempt(world);
    expect((await codesOf(world, actor, { ...input, idempotencyKey })).codes).toEqual([
      'INVALID_INPUT input.idempotencyKey',
    ]);
  });

  it('asks the anonymous to log in', async () => {
    const { input } = await newAttempt(world);
    const query = `mutation ($input: InitiatePaymentInput!) { initiatePayment(input: $input) { payment { id } } }`;
    const call = { query, variables: { input: { ...input, gateway: 'RAZORPAY' } } };
    const { data, errors } = await world.app.execute(call, testIdentity(anonymous));
    expect(data).toEqual({ initiatePayment: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('the payment request', () => {
  const present = async (paymentRequest: string, actor = testActor()) =>
    (await codesOf(world, actor, { paymentRequest, idempotencyKey: uuidv7(), returnUrl })).codes;

  it('is refused when its owner did not sign it', async () => {
    const { actor, request } = newDebt();
    const forger = await createSigner('billing');
    const forged = await forger.sign(request, inQuarterOfAnHour());
    expect(await present(forged, actor)).toEqual(['PAYMENT_REQUEST_INVALID input.paymentRequest']);
  });

  it.each([
    ['a changed amount', (claims: Record<string, unknown>) => ({ ...claims, amountMinor: 1 })],
    ['another payer', (claims: Record<string, unknown>) => ({ ...claims, payer: 'user:somebody' })],
  ])('is refused with %s', async (_what, change) => {
    const { actor, input } = await newAttempt(world);
    const [header, payload, signature] = input.paymentRequest.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify(change(claims))).toString('base64url');
    expect(await present(`${header}.${changed}.${signature}`, actor)).toEqual([
      'PAYMENT_REQUEST_INVALID input.paymentRequest',
    ]);
  });

  it('is refused unsigned', async () => {
    const { actor, input } = await newAttempt(world);
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'payment-request+jwt' })).toString(
      'base64url',
    );
    expect(await present(`${header}.${input.paymentRequest.split('.')[1]}.`, actor)).toEqual([
      'PAYMENT_REQUEST_INVALID input.paymentRequest',
    ]);
  });

  it.each([
    ['', 'nothing'],
    ['hello', 'no token'],
    ['a.b.c', 'a broken token'],
  ])('is refused when it is %j', async (token) => {
    expect(await present(token)).toEqual(['PAYMENT_REQUEST_INVALID input.paymentRequest']);
  });

  it('is refused when its signer does not own the payable', async () => {
    const { actor, request } = newDebt();
    const payable = { type: PayableType.ORDER, id: uuidv7() };
    const token = await world.signer.sign({ ...request, payable }, inQuarterOfAnHour());
    expect(await present(token, actor)).toEqual(['PAYMENT_REQUEST_INVALID input.paymentRequest']);
  });

  it('is refused when it has expired', async () => {
    const { actor, request } = newDebt();
    const token = await world.signer.sign(request, new Date(Date.now() - 1_000));
    expect(await present(token, actor)).toEqual(['PAYMENT_REQUEST_EXPIRED input.paymentRequest']);
  });

  it('still gives the payment it started when its key comes again after it expired', async () => {
    const { actor, request } = newDebt();
    const expiresAt = new Date(Date.now() + 1_000);
    const input = {
      paymentRequest: await world.signer.sign(request, expiresAt),
      idempotencyKey: uuidv7(),
      returnUrl,
    };
    const { payment } = await initiate(world, actor, input);
    while (Date.now() <= expiresAt.getTime()) await world.vendor.state();
    expect(await present(input.paymentRequest, actor)).toEqual([
      'PAYMENT_REQUEST_EXPIRED input.paymentRequest',
    ]);
    expect((await initiate(world, actor, input)).payment).toEqual(payment);
  });

  it('is refused when it was made for somebody else', async () => {
    const { input } = await newAttempt(world);
    expect(await present(input.paymentRequest)).toEqual(['PAYMENT_REQUEST_NOT_YOURS input.paymentRequest']);
  });

  it('is refused when its debt has been paid', async () => {
    const payment = await startPayment(world);
    await world.vendor.pay(payment.checkoutUrl);
    await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
    const token = await world.signer.sign(payment.request, inQuarterOfAnHour());
    expect(await present(token, payment.actor)).toEqual(['PAYABLE_ALREADY_PAID input.paymentRequest']);
  });
});

describe('the return address', () => {
  it.each([
    'https://app.example.com/any/path?with=query',
    'http://localhost:3000/',
    'http://localhost:65535/x',
  ])('may be %s', async (allowed) => {
    const { actor, input } = await newAttempt(world);
    expect((await codesOf(world, actor, { ...input, returnUrl: allowed })).codes).toEqual([]);
  });

  it.each([
    'https://evil.example/',
    'http://app.example.com/',
    'https://app.example.com:8443/',
    'https://app.example.com.evil.example/',
    'https://app.example.com@evil.example/',
    'https://user@app.example.com/',
    'https://user:pass@app.example.com/',
    'https://evil.example/https://app.example.com',
    'https://evil.example\\@app.example.com/',
    'https://xn--pp-qmc.example.com/',
    'https://localhost:3000/',
    'http://localhost.evil.example:3000/',
  ])('may not be %s', async (refused) => {
    const { actor, input } = await newAttempt(world);
    expect(await codesOf(world, actor, { ...input, returnUrl: refused })).toEqual({
      payment: null,
      codes: ['RETURN_URL_NOT_ALLOWED input.returnUrl'],
    });
  });

  it.each([
    'javascript:alert(1)//https://app.example.com',
    'data:text/html,hi',
    '//app.example.com',
    'nowhere',
  ])('is malformed input when it is %s', async (malformed) => {
    const { actor, input } = await newAttempt(world);
    await expect(initiate(world, actor, { ...input, returnUrl: malformed })).rejects.toThrow(
      'BAD_USER_INPUT',
    );
  });
});

describe('a vendor that fails', () => {
  const attempt = async () => {
    const started = await newAttempt(world);
    return { ...started, answer: await initiate(world, started.actor, started.input) };
  };

  it.each([
    ['500', 'before'],
    ['500', 'after'],
    ['reset', 'before'],
    ['reset', 'after'],
    ['timeout', 'before'],
    ['timeout', 'after'],
  ] as const)('with %s %s making the order: UNKNOWN, then PENDING with one order', async (fault, when) => {
    await world.vendor.strike({ call: 'create-order', fault, when });
    const { actor, input, answer } = await attempt();
    expect(answer.payment).toMatchObject({ status: 'UNKNOWN', checkoutUrl: null });

    const { payment } = await initiate(world, actor, input);
    expect(payment).toMatchObject({ id: answer.payment!.id, status: 'PENDING' });
    const [order, ...more] = await world.vendor.ordersOf(payment!.id);
    expect(more).toEqual([]);
    expect(payment!.checkoutUrl).toContain(order!.id);
  });

  it.each(['before', 'after'] as const)('%s making the order: the janitor finds out', async (when) => {
    await world.vendor.strike({ call: 'create-order', fault: 'reset', when });
    const { actor, answer } = await attempt();
    const { id } = answer.payment!;
    await hurry(world, 'resolve-payment');
    await waitForStatus(world, { actor, id }, ({ status }) => status === 'PENDING');
    expect(await world.vendor.ordersOf(id)).toHaveLength(1);
  });

  it('and cannot even be asked whether it made the order: UNKNOWN, not an error', async () => {
    await world.vendor.strike({ call: 'create-order', fault: '500', when: 'after' });
    const { actor, input } = await attempt();
    await world.vendor.strike({ call: 'list-orders', fault: '500', times: 3 });
    const answer = await initiate(world, actor, input);
    expect(answer).toMatchObject({ payment: { status: 'UNKNOWN' }, userErrors: [] });
    expect((await initiate(world, actor, input)).payment).toMatchObject({ status: 'PENDING' });
  });

  it('by refusing: FAILED, and a new key may try again', async () => {
    const { actor, request, input } = await newAttempt(world, { amountMinor: 99 });
    const { payment } = await initiate(world, actor, input);
    expect(payment).toMatchObject({ status: 'FAILED', checkoutUrl: null });
    const paymentRequest = await world.signer.sign({ ...request, amountMinor: 100 }, inQuarterOfAnHour());
    const again = await initiate(world, actor, { ...input, paymentRequest, idempotencyKey: uuidv7() });
    expect(again.payment).toMatchObject({ status: 'PENDING' });
  });
});
