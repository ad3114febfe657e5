import { uuidv7 } from '@suvidha/db';
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
  toAnswer,
  waitForStatus,
} from './payments.fixture.ts';

let world: PaymentsWorld;

beforeAll(async () => {
  world = await startPayments();
});
afterEach(() => world.vendor.calm());
afterAll(() => world[Symbol.asyncDispose]());

async function startCaptured(): Promise<StartedPayment> {
  const payment = await startPayment(world);
  await world.vendor.pay(payment.checkoutUrl);
  await waitForStatus(world, payment, ({ status }) => status === 'CAPTURED');
  return payment;
}

const read = ({ actor, id }: StartedPayment) => readPayment(world, actor, id);

async function refundsOf({ id }: StartedPayment) {
  const { rows } = await world.pool.query(
    'select id, amount_minor::int as "amountMinor", status::text, reason from refund where payment_id = $1',
    [id],
  );
  return rows;
}

const vendorRefundsOf = async (refundIds: readonly string[]) =>
  (await world.vendor.state()).razorpay.refunds.filter(({ receipt }) => refundIds.includes(receipt ?? ''));

/** A newer attempt for the same debt. */
async function startAgain({ actor, request }: StartedPayment): Promise<StartedPayment> {
  const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
  const { payment } = await initiate(world, actor, { paymentRequest, idempotencyKey: uuidv7(), returnUrl });
  return { ...payment!, checkoutUrl: payment!.checkoutUrl!, actor, request };
}

describe('payable.settled', () => {
  it('completes the payment as a status event of its own, once however often it comes', async () => {
    const payment = await startCaptured();
    const settled = toAnswer('payable.settled', payment, {});
    await Promise.all(Array.from({ length: 5 }, () => world.app.consume(settled)));
    await world.app.consume(settled);
    const { timeline, settlement } = await read(payment);
    expect(settlement).toBe('SETTLED');
    expect(timeline.filter((event) => event.settlement === 'SETTLED')).toHaveLength(1);
    expect(timeline.at(-1)).toMatchObject({ status: 'CAPTURED', previousStatus: 'CAPTURED' });
  });

  it('does nothing for a payment that is not there', async () => {
    const payment = await startPayment(world);
    await world.app.consume(toAnswer('payable.settled', { ...payment, id: uuidv7() }, {}));
  });
});

describe('payable.rejected', () => {
  const reject = (payment: StartedPayment) =>
    toAnswer('payable.rejected', payment, { reason: 'ALREADY_PAID' as const });

  it('gives all the money back, once however often it comes and under whatever id', async () => {
    const payment = await startCaptured();
    const rejected = reject(payment);
    await Promise.all([rejected, rejected, reject(payment)].map((event) => world.app.consume(event)));
    await waitForStatus(world, payment, ({ status }) => status === 'REFUNDED');
    await world.app.consume(rejected);

    const refunds = await refundsOf(payment);
    expect(refunds).toEqual([
      { id: expect.any(String), amountMinor: 49_900, status: 'PROCESSED', reason: 'ALREADY_PAID' },
    ]);
    expect(await vendorRefundsOf([refunds[0].id])).toMatchObject([{ amount: 49_900 }]);
    expect(statuses(await read(payment)).slice(-2)).toEqual(['CAPTURED', 'REFUNDED']);
  });

  it.each(['before', 'after'] as const)(
    'gives it back once when the vendor call is reset %s it worked',
    async (when) => {
      const payment = await startCaptured();
      await world.vendor.strike({ call: 'create-refund', fault: 'reset', when, times: 3 });
      await world.app.consume(reject(payment));
      const [refund] = await refundsOf(payment);
      await waitUntilAsked(refund.id);
      await hurry(world, 'refund');
      await waitForStatus(world, payment, ({ status }) => status === 'REFUNDED');
      expect(await vendorRefundsOf([refund.id])).toHaveLength(1);
    },
  );

  it('after payable.settled changes nothing: no money is both used and given back', async () => {
    const payment = await startCaptured();
    await world.app.consume(toAnswer('payable.settled', payment, {}));
    await world.app.consume(reject(payment));
    expect(await read(payment)).toMatchObject({ status: 'CAPTURED', settlement: 'SETTLED' });
    expect(await refundsOf(payment)).toEqual([]);
  });

  it('lets the debt be paid anew', async () => {
    const payment = await startCaptured();
    await world.app.consume(reject(payment));
    await waitForStatus(world, payment, ({ settlement }) => settlement === 'REJECTED');
    expect(await startAgain(payment)).toMatchObject({ status: 'PENDING' });
  });
});

async function waitUntilAsked(id: string): Promise<void> {
  for (;;) {
    const { rows } = await world.pool.query('select status::text from refund where id = $1', [id]);
    if (rows[0].status !== 'CREATED') return;
  }
}

describe('a second attempt for the same debt', () => {
  it('takes the place of the first', async () => {
    const first = await startPayment(world);
    const second = await startAgain(first);
    expect(await read(first)).toMatchObject({ status: 'CANCELLED' });
    expect(await read(second)).toMatchObject({ status: 'PENDING' });
  });

  it('leaves one of ten that come at once', async () => {
    const first = await startPayment(world);
    const attempts = await Promise.all(Array.from({ length: 10 }, () => tryAgain(first)));
    const all = await Promise.all(attempts.map((id) => readPayment(world, first.actor, id)));
    const count = (status: string) => all.filter((payment) => payment.status === status).length;
    expect([count('PENDING'), count('CANCELLED')]).toEqual([1, 9]);
  });

  it('and the first captured too: the second money goes back, and the owner hears of one', async () => {
    const first = await startPayment(world);
    const second = await startAgain(first);
    await world.vendor.pay(second.checkoutUrl);
    await waitForStatus(world, second, ({ status }) => status === 'CAPTURED');
    await world.vendor.pay(first.checkoutUrl);
    await waitForStatus(world, first, ({ status }) => status === 'REFUNDED');
    expect(await read(first)).toMatchObject({ settlement: 'REJECTED' });
    expect(await refundsOf(first)).toMatchObject([{ status: 'PROCESSED', reason: 'ALREADY_PAID' }]);
    expect(await refundsOf(second)).toEqual([]);
  });

  it('and the first paid though its order was never shown: the money is known, not set apart', async () => {
    const { actor, request, input } = await newAttempt(world);
    await world.vendor.strike({ call: 'create-order', fault: 'reset', when: 'after' });
    const { payment } = await initiate(world, actor, input);
    const first = { ...payment!, actor, request, checkoutUrl: '' };
    await startAgain(first);
    const [order] = await world.vendor.ordersOf(first.id);
    await world.vendor.pay(`${world.vendor.url}/razorpay/checkout/${order!.id}`);
    await waitForStatus(world, first, ({ status }) => status === 'CAPTURED');
    expect(await read(first)).toMatchObject({ checkoutUrl: null });
  });

  it('does not get the order of the first shown when that comes late', async () => {
    const { actor, request, input } = await newAttempt(world);
    await using held = await world.vendor.hold('razorpay.create-order.after');
    const answer = initiate(world, actor, input);
    await world.vendor.waitUntilHeld('razorpay.create-order.after');
    const [order] = (await world.vendor.state()).razorpay.orders;
    // The vendor answers nobody now.
    const second = tryAgain({ actor, request });
    await waitForStatus(world, { actor, id: order!.receipt! }, ({ status }) => status === 'CANCELLED');
    await held[Symbol.asyncDispose]();
    await second;
    expect((await answer).payment).toMatchObject({
      id: order!.receipt,
      status: 'CANCELLED',
      checkoutUrl: null,
    });
  });
});

/** @returns the id of the newer attempt. */
async function tryAgain({ actor, request }: Pick<StartedPayment, 'actor' | 'request'>): Promise<string> {
  const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
  const { payment } = await initiate(world, actor, { paymentRequest, idempotencyKey: uuidv7(), returnUrl });
  return payment!.id;
}
