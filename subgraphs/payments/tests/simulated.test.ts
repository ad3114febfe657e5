import { uuidv7 } from '@suvidha/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  hurry,
  initiate,
  inQuarterOfAnHour,
  newDebt,
  readPayment,
  returnUrl,
  statuses,
  toAnswer,
  waitForStatus,
} from './payments.fixture.ts';
import { areAll, refund, waitForRefunds } from './refunds.fixture.ts';
import { deliver, type SimulatedWorld, startSimulated } from './simulated.fixture.ts';
import { SimulatedGateway } from './simulated-gateway.fixture.ts';

const razorpay = new SimulatedGateway({ name: 'RAZORPAY', feeMinor: 200 });
const paytm = new SimulatedGateway({ name: 'PAYTM', feeMinor: 100 });
let world: SimulatedWorld;

beforeAll(async () => {
  world = await startSimulated([razorpay, paytm]);
});
beforeEach(() => {
  for (const gateway of [razorpay, paytm]) {
    gateway.calm();
    gateway.healthNow = 'CLOSED';
    gateway.hasQrCodes = true;
  }
});
afterAll(() => world[Symbol.asyncDispose]());

async function attempt(gateway: string, change: Parameters<typeof newDebt>[0] = {}) {
  const { actor, request } = newDebt(change);
  const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
  const input = { paymentRequest, idempotencyKey: uuidv7(), returnUrl, gateway };
  return { actor, request, input, ...(await initiate(world, actor, input)) };
}

describe('AUTO', () => {
  it('takes the cheaper of two that are well', async () => {
    expect((await attempt('AUTO')).payment).toMatchObject({ gateway: 'PAYTM', status: 'PENDING' });
  });

  it('takes the one that is well, though it is dearer', async () => {
    paytm.healthNow = 'OPEN';
    expect((await attempt('AUTO')).payment).toMatchObject({ gateway: 'RAZORPAY', status: 'PENDING' });
  });

  it.each(['UNSENT', 'REFUSED', 'LOST_BEFORE', 'LOST_AFTER'] as const)(
    'asks the next when the first ends %s, and never shows an order of the first',
    async (fault) => {
      paytm.strike('createOrder', fault);
      const { actor, input, payment } = await attempt('AUTO');
      expect(payment).toMatchObject({ gateway: 'RAZORPAY', status: 'PENDING' });
      const [order] = razorpay.ordersOf(payment!.id);
      expect(payment!.checkoutUrl).toBe(order!.checkoutUrl);
      await hurry(world, 'resolve-payment');
      expect((await initiate(world, actor, input)).payment).toEqual(payment);
      razorpay.pay(order!.id, 'CAPTURED');
      await deliver(world, razorpay, razorpay.outbox.at(-1)!);
      await waitForStatus(world, { actor, id: payment!.id }, ({ status }) => status === 'CAPTURED');
    },
  );

  it('fails when all refuse, and is UNKNOWN when the last answer is lost', async () => {
    paytm.strike('createOrder', 'REFUSED');
    razorpay.strike('createOrder', 'REFUSED');
    expect((await attempt('AUTO')).payment).toMatchObject({ status: 'FAILED', checkoutUrl: null });
    paytm.strike('createOrder', 'REFUSED');
    razorpay.strike('createOrder', 'LOST_AFTER');
    const { actor, input, payment } = await attempt('AUTO');
    expect(payment).toMatchObject({ status: 'UNKNOWN', gateway: 'RAZORPAY' });
    expect((await initiate(world, actor, input)).payment).toMatchObject({
      id: payment!.id,
      status: 'PENDING',
    });
    expect(razorpay.ordersOf(payment!.id)).toHaveLength(1);
  });

  it('is never left for another by a payer who chose', async () => {
    paytm.strike('createOrder', 'REFUSED');
    expect((await attempt('PAYTM')).payment).toMatchObject({ status: 'FAILED', gateway: 'PAYTM' });
  });

  it('is not offered a currency that nobody takes', async () => {
    expect(await attempt('AUTO', { currency: 'USD' })).toMatchObject({
      payment: null,
      userErrors: [{ code: 'CURRENCY_NOT_SUPPORTED', field: ['input', 'gateway'] }],
    });
  });
});

describe('a QR code', () => {
  const atCounter = { checkout: 'UPI_QR', counterId: 'KIOSK-7' };
  const show = async (gateway: string) => {
    const { actor, request } = newDebt();
    const paymentRequest = await world.signer.sign(request, inQuarterOfAnHour());
    return initiate(world, actor, { ...atCounter, paymentRequest, idempotencyKey: uuidv7(), gateway });
  };

  it('is made by AUTO at a vendor that has them, though it is dearer', async () => {
    expect((await show('AUTO')).payment).toMatchObject({ gateway: 'PAYTM', status: 'PENDING' });
    paytm.hasQrCodes = false;
    expect((await show('AUTO')).payment).toMatchObject({ gateway: 'RAZORPAY', status: 'PENDING' });
  });

  it('is not asked of a next vendor that has none', async () => {
    razorpay.hasQrCodes = false;
    paytm.strike('createQrCode', 'REFUSED');
    expect((await show('AUTO')).payment).toMatchObject({ gateway: 'PAYTM', status: 'FAILED', qrCode: null });
  });

  it.each(['UNSENT', 'REFUSED', 'LOST_BEFORE', 'LOST_AFTER'] as const)(
    'is asked of the next vendor when the first ends %s',
    async (fault) => {
      paytm.strike('createQrCode', fault);
      const { payment } = await show('AUTO');
      expect(payment).toMatchObject({ gateway: 'RAZORPAY', status: 'PENDING' });
      expect(payment!.qrCode!.imageUrl).toContain(razorpay.ordersOf(payment!.id)[0]!.id);
    },
  );

  it('whose vendor refuses to close it closes by itself: nobody goes on asking', async () => {
    const { actor, request } = newDebt();
    const startAnother = async () => {
      const paymentRequest = await world.signer.sign({ ...request, jti: uuidv7() }, inQuarterOfAnHour());
      const input = { ...atCounter, paymentRequest, idempotencyKey: uuidv7(), gateway: 'PAYTM' };
      return (await initiate(world, actor, input)).payment!;
    };
    const { id } = await startAnother();
    paytm.strike('closeQrCode', 'REFUSED');
    await startAnother();
    for (;;) {
      const { rows } = await world.pool.query('select 1 from graphile_worker.jobs where key = $1', [
        `close-qr-code:${id}`,
      ]);
      if (rows.length === 0) break;
    }
    expect(paytm.closed).not.toContain(paytm.ordersOf(id)[0]!.id);
  });

  it.each(['AUTO', 'PAYTM'])('is refused where nobody has them: %s', async (gateway) => {
    paytm.hasQrCodes = false;
    razorpay.hasQrCodes = gateway !== 'AUTO';
    expect(await show(gateway)).toMatchObject({
      payment: null,
      userErrors: [{ code: 'CHECKOUT_NOT_SUPPORTED', field: ['input', 'checkout'] }],
    });
  });
});

async function captured() {
  const started = await attempt('RAZORPAY');
  const id = started.payment!.id;
  const paid = razorpay.pay(razorpay.ordersOf(id)[0]!.id, 'CAPTURED')!;
  await deliver(world, razorpay, razorpay.outbox.at(-1)!);
  await waitForStatus(world, { actor: started.actor, id }, ({ status }) => status === 'CAPTURED');
  return { ...started, ...started.payment!, checkoutUrl: '', paid };
}

it('takes the capture that a webhook repeats after a refund for nothing new', async () => {
  const payment = await captured();
  const { hint } = razorpay.outbox.at(-1)!;
  await world.app.consume(toAnswer('payable.rejected', payment, { reason: 'NOT_PAYABLE' }));
  await waitForRefunds(world, payment, areAll('PENDING'));
  for (const { id } of razorpay.refunds.values()) razorpay.finishRefund(id, 'PROCESSED');
  await deliver(world, razorpay, razorpay.outbox.at(-1)!);
  await waitForStatus(world, payment, ({ status }) => status === 'REFUNDED');

  const eventId = uuidv7();
  await deliver(world, razorpay, { eventId, hint });
  for (;;) {
    const { rows } = await world.pool.query('select processed_at from webhook_delivery where event_id = $1', [
      eventId,
    ]);
    if (rows[0].processed_at) break;
  }
  expect(await readPayment(world, payment.actor, payment.id)).toMatchObject({ status: 'REFUNDED' });
});

it('finds the refund that a process which died has asked for, though the vendor refuses a second call', async () => {
  const payment = await captured();
  await world.app.consume(toAnswer('payable.settled', payment, {}));
  razorpay.strike('refund', 'CRASH');
  razorpay.strike('refund', 'REFUSED');
  const { id } = await refund(world, { paymentId: payment.id });
  for (;;) {
    const { rows } = await world.pool.query(
      `update graphile_worker._private_jobs set run_at = now()
        where key = $1 and attempts > 0 and locked_at is null returning id`,
      [`refund:${id}`],
    );
    if (rows.length > 0) break;
  }
  await world.pool.query(`select pg_notify('jobs:insert', '{"r":"0","count":1}')`);
  await waitForRefunds(world, payment, areAll('PENDING'));
  expect([...razorpay.refunds.values()].filter(({ refundId }) => refundId === id)).toHaveLength(1);
});

describe('a refund that the bank returns after it was PROCESSED', () => {
  it('is FAILED, and the payment holds the money again', async () => {
    const payment = await captured();
    await world.app.consume(toAnswer('payable.settled', payment, {}));
    await refund(world, { paymentId: payment.id });
    const asked = await waitForRefunds(world, payment, areAll('PENDING'));
    const atVendor = [...razorpay.refunds.values()].find(
      ({ refundId }) => refundId === asked.refunds[0]!.id,
    )!;
    razorpay.finishRefund(atVendor.id, 'PROCESSED');
    await deliver(world, razorpay, razorpay.outbox.at(-1)!);
    await waitForRefunds(world, payment, ({ status }) => status === 'REFUNDED');

    razorpay.finishRefund(atVendor.id, 'FAILED');
    const returned = razorpay.outbox.at(-1)!;
    await Promise.all([deliver(world, razorpay, returned), deliver(world, razorpay, returned)]);
    const read = await waitForRefunds(world, payment, areAll('FAILED'));
    expect(read).toMatchObject({ status: 'CAPTURED', amountRefunded: { amount: '0.00' } });
    expect(read.refunds[0]!.timeline.at(-1)).toEqual({ status: 'FAILED', previousStatus: 'PROCESSED' });
    expect(statuses(await readPayment(world, payment.actor, payment.id)).slice(-2)).toEqual([
      'REFUNDED',
      'CAPTURED',
    ]);
  });
});

it('captures what the bank has only set aside', async () => {
  const { actor, payment } = await attempt('RAZORPAY');
  razorpay.pay(razorpay.ordersOf(payment!.id)[0]!.id, 'AUTHORIZED');
  await deliver(world, razorpay, razorpay.outbox.at(-1)!);
  await waitForStatus(world, { actor, id: payment!.id }, ({ status }) => status === 'CAPTURED');
  expect(statuses(await readPayment(world, actor, payment!.id)).slice(-2)).toEqual([
    'AUTHORIZED',
    'CAPTURED',
  ]);
});
