import { anonymous } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import type { DomainEvent } from '@suvidha/events';
import { testActor, testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  hurry,
  type PaymentsWorld,
  type StartedPayment,
  startPayment,
  startPayments,
  toAnswer,
  waitForStatus,
} from './payments.fixture.ts';
import {
  areAll,
  operator,
  readRefunds,
  refund,
  startCaptured,
  startSettled,
  waitForRefunds,
} from './refunds.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterEach(() => world.vendor.calm());
afterAll(() => world[Symbol.asyncDispose]());

const vendorRefundsOf = async (ids: readonly string[]) =>
  (await world.vendor.state()).razorpay.refunds.filter(({ receipt }) => ids.includes(receipt ?? ''));

describe('refundPayment', () => {
  it('gives all back: the payment is REFUNDED, and the refund tells how', async () => {
    const payment = await startSettled(world);
    const { id, codes } = await refund(world, { paymentId: payment.id, reason: 'paid twice by mistake' });
    expect(codes).toEqual([]);
    const read = await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
    expect(read).toMatchObject({
      amountRefunded: { amount: '499.00' },
      refunds: [
        {
          id,
          status: 'PROCESSED',
          cause: 'STAFF',
          reason: 'paid twice by mistake',
          amount: { amount: '499.00' },
        },
      ],
    });
    const steps = read.refunds[0]!.timeline.map(({ status }) => status);
    expect(steps[0]).toBe('CREATED');
    expect(steps.at(-1)).toBe('PROCESSED');
    expect(await vendorRefundsOf([id!])).toMatchObject([{ amount: 49_900 }]);
  });

  it('gives parts back until nothing is left', async () => {
    const payment = await startSettled(world);
    await refund(world, { paymentId: payment.id, amount: '100.50' });
    await waitForRefunds(world, payment, ({ status }) => status === 'PARTIALLY_REFUNDED');
    expect(await refund(world, { paymentId: payment.id, amount: '398.51' })).toMatchObject({
      codes: ['REFUND_AMOUNT_NOT_ALLOWED'],
    });
    await refund(world, { paymentId: payment.id });
    const read = await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
    expect(read.refunds.map(({ amount }) => amount.amount)).toEqual(['100.50', '398.50']);
    expect(await refund(world, { paymentId: payment.id })).toMatchObject({
      codes: ['PAYMENT_NOT_REFUNDABLE'],
    });
  });

  it.each(['0', '0.00', '-1', '499.01', '9999999999999', '0.001'])(
    'refuses to give back %s',
    async (amount) => {
      const payment = await startSettled(world);
      expect(await refund(world, { paymentId: payment.id, amount })).toEqual({
        id: null,
        codes: ['REFUND_AMOUNT_NOT_ALLOWED'],
      });
      expect((await readRefunds(world, payment)).refunds).toEqual([]);
    },
  );

  it('gives the same refund for the same key, and refuses another request under it', async () => {
    const payment = await startSettled(world);
    const input = { paymentId: payment.id, amount: '10.00', idempotencyKey: uuidv7() };
    const answers = await Promise.all(Array.from({ length: 6 }, () => refund(world, input)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers[0]!.id).not.toBeNull();
    expect(await refund(world, { ...input, amount: '11.00' })).toMatchObject({
      codes: ['IDEMPOTENCY_CONFLICT'],
    });
    expect((await readRefunds(world, payment)).refunds).toHaveLength(1);
  });

  it('gives a refusal again for the same key, also when it would not be given any more', async () => {
    const payment = await startCaptured(world);
    const input = { paymentId: payment.id, idempotencyKey: uuidv7() };
    expect((await refund(world, input)).codes).toEqual(['PAYMENT_NOT_REFUNDABLE']);
    await world.app.consume(toAnswer('payable.settled', payment, {}));
    expect((await refund(world, input)).codes).toEqual(['PAYMENT_NOT_REFUNDABLE']);
    expect((await refund(world, { paymentId: payment.id })).codes).toEqual([]);
  });

  it('refuses money that its owner may still put to something, and money that is not there', async () => {
    const pending = await startPayment(world);
    expect((await refund(world, { paymentId: pending.id })).codes).toEqual(['PAYMENT_NOT_REFUNDABLE']);
    for (const paymentId of [uuidv7(), 'nonsense'])
      expect((await refund(world, { paymentId })).codes).toEqual(['NOT_FOUND']);
  });

  it('is for staff only', async () => {
    const payment = await startSettled(world);
    const query = 'mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { refund { id } } }';
    const variables = { input: { paymentId: payment.id, reason: 'please', idempotencyKey: uuidv7() } };
    const ask = (actor: Parameters<typeof testIdentity>[0]) =>
      world.app.execute({ query, variables }, testIdentity(actor));
    expect((await ask(payment.actor)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await ask(anonymous)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('tells the owner of the payable, once', async () => {
    const payment = await startSettled(world);
    const { id } = await refund(world, { paymentId: payment.id, amount: '1.00' });
    await waitForRefunds(world, payment, areAll('PROCESSED'));
    const told = () => world.delivered.filter(({ aggregateId }) => aggregateId === id);
    while (told().length === 0) await readRefunds(world, payment);
    expect(told()).toMatchObject([
      { type: 'refund.processed', payload: { paymentId: payment.id, amountMinor: 100, cause: 'STAFF' } },
    ]);
  });
});

describe('a refund that the bank', () => {
  it('takes long for is PENDING, then PROCESSED, though every webhook is lost', async () => {
    const payment = await startSettled(world);
    await world.vendor.strike({ call: 'send-webhook', fault: 'lost', times: 20 });
    await using held = await world.vendor.hold('razorpay.process-refund.before');
    await refund(world, { paymentId: payment.id });
    await waitForRefunds(world, payment, areAll('PENDING'));
    expect((await readRefunds(world, payment)).status).toBe('CAPTURED');
    await held[Symbol.asyncDispose]();
    await hurry(world, 'refund');
    await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
  });

  it('refuses is FAILED: staff may ask again, and the money is there to be given', async () => {
    const payment = await startSettled(world);
    await world.vendor.strike({ call: 'process-refund', fault: 'failed' });
    await refund(world, { paymentId: payment.id });
    await waitForRefunds(world, payment, areAll('FAILED'));
    expect(await readRefunds(world, payment)).toMatchObject({
      status: 'CAPTURED',
      amountRefunded: { amount: '0.00' },
    });
    await refund(world, { paymentId: payment.id });
    await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
  });

  it('refuses is tried anew under a new id where we owe the money', async () => {
    const payment = await startCaptured(world);
    await world.vendor.strike({ call: 'process-refund', fault: 'failed' });
    await world.app.consume(toAnswer('payable.rejected', payment, { reason: 'NOT_PAYABLE' }));
    await waitForRefunds(world, payment, ({ refunds }) => refunds.length === 2);
    await hurry(world, 'refund');
    const read = await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
    expect(read.refunds.map(({ status }) => status)).toEqual(['FAILED', 'PROCESSED']);
    expect(await vendorRefundsOf(read.refunds.map(({ id }) => id))).toHaveLength(2);
  });
});

describe('payable.refund_requested', () => {
  const wish = (payment: StartedPayment, amountMinor: number, key: string = uuidv7()): DomainEvent => ({
    id: uuidv7(),
    type: 'payable.refund_requested',
    schemaVersion: 1,
    aggregateType: 'bill',
    aggregateId: payment.request.payable.id,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload: { payable: payment.request.payable, amountMinor, currency: 'INR', reason: 'RETURNED', key },
  });

  it('gives money back once per key, however often it comes and under whatever id', async () => {
    const payment = await startSettled(world);
    const key = uuidv7();
    await Promise.all(
      [wish(payment, 10_000, key), wish(payment, 10_000, key)].map((e) => world.app.consume(e)),
    );
    await world.app.consume(wish(payment, 39_900));
    const read = await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
    expect(read.refunds.map(({ amount, cause, reason }) => [amount.amount, cause, reason])).toEqual([
      ['100.00', 'OWNER', 'RETURNED'],
      ['399.00', 'OWNER', 'RETURNED'],
    ]);
  });

  it('comes again when it overtakes payable.settled, and changes nothing until then', async () => {
    const payment = await startCaptured(world);
    const event = wish(payment, 49_900);
    await expect(world.app.consume(event)).rejects.toMatchObject({ reason: 'REFUND_UNCOVERED' });
    expect((await readRefunds(world, payment)).refunds).toEqual([]);
    await world.app.consume(toAnswer('payable.settled', payment, {}));
    await world.app.consume(event);
    await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');
  });

  it('never gives more back than was paid', async () => {
    const payment = await startSettled(world);
    await expect(world.app.consume(wish(payment, 49_901))).rejects.toMatchObject({
      reason: 'REFUND_UNCOVERED',
    });
    expect((await readRefunds(world, payment)).refunds).toEqual([]);
  });
});

it('shows a refund to its payer and to staff, and to nobody else', async () => {
  const payment = await startSettled(world);
  const { id } = await refund(world, { paymentId: payment.id, amount: '1.00' });
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Refund { id payment { id } } }
  }`;
  const read = async (actor: Parameters<typeof testIdentity>[0]) => {
    const variables = { representations: [{ __typename: 'Refund', id }] };
    return (await world.app.execute({ query, variables }, testIdentity(actor))).data?._entities;
  };
  const shown = [{ id, payment: { id: payment.id } }];
  expect(await read(payment.actor)).toEqual(shown);
  expect(await read(operator)).toEqual(shown);
  expect(await read(testActor())).toEqual([null]);
  await waitForStatus(world, payment, ({ status }) => status === 'PARTIALLY_REFUNDED');
});
