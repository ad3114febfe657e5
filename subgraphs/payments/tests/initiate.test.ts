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
  readPayment,
  returnUrl,
  startPayment,
  startPayments,
  statuses,
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
    const checkout = new URL(payment!.checkoutUrl!);
    expect(checkout.pathname).toBe(`/razorpay/checkout/${order!.id}`);
    expect(checkout.searchParams.get('callback_url')).toBe(returnUrl);
  });

  it('gives the same payment for the same key and request', async () => {
    const { actor, input } = await newAttempt(world);
    const first = await initiate(world, actor, input);
    expect(await initiate(world, actor, input)).toEqual(first);
    expect(await world.vendor.ordersOf(first.payment!.id)).toHaveLength(1);
  });

  it('gives one payment to ten calls at once, and shows one order', async () => {
    const { actor, input } = await newAttempt(world);
    const answers = await Promise.all(Array.from({ length: 10 }, () => initiate(world, actor, input)));
    const again = await initiate(world, actor, input);
    expect(new Set(answers.map(({ payment }) => payment!.id))).toEqual(new Set([again.payment!.id]));
    const shown = new Set(answers.map(({ payment }) => payment!.checkoutUrl).filter((url) => url !== null));
    expect(shown).toEqual(new Set([again.payment!.checkoutUrl]));
    const { timeline } = await readPayment(world, actor, again.payment!.id);
    expect(statuses({ timeline })).toEqual(['CREATED', 'PENDING']);
  });

  it('keeps the order of one caller when the answer to the other is lost', async () => {
    const { actor, input } = await newAttempt(world);
    await world.vendor.strike({ call: 'create-order', fault: 'reset', when: 'after' });
    await Promise.all([initiate(world, actor, input), initiate(world, actor, input)]);
    const { payment } = await initiate(world, actor, input);
    expect(payment).toMatchObject({ status: 'PENDING', checkoutUrl: expect.any(String) });
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
    await world.vendor.strike({ call: 'list-orders', fault: '500' });
    const { actor, input, answer } = await attempt();
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
