import { anonymous } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { testIdentity } from '@suvidha/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  hurry,
  initiate,
  type PaymentsWorld,
  readPayment,
  returnUrl,
  startPayments,
  statuses,
  waitForStatus,
} from './payments.fixture.ts';
import {
  type GatewayName,
  newQrAttempt,
  type ShownPayment,
  showAgain,
  showQrCode,
  toShown,
  verify,
} from './qr-code.fixture.ts';
import { areAll, readRefunds, waitForRefunds } from './refunds.fixture.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPayments();
});
afterEach(async () => {
  world.clock.aheadMs = 0;
  await world.vendor.calm();
  await hear();
});
afterAll(() => world[Symbol.asyncDispose]());

const toPaytm = () => world.webhookUrl.replace('razorpay', 'paytm');
const hear = async () => {
  await world.vendor.sendWebhooksTo(world.webhookUrl);
  await world.vendor.sendPaytmWebhooksTo(toPaytm());
};
/** Webhooks are lost from now on. */
const goDeaf = async () => {
  await world.vendor.sendWebhooksTo(null);
  await world.vendor.sendPaytmWebhooksTo(null);
};
const until = (payment: ShownPayment, status: string) =>
  waitForStatus(world, payment, (event) => event.status === status);
const statusOf = async ({ actor, id }: ShownPayment) => (await readPayment(world, actor, id)).status;

/** How often the owner of the payable is told of the money. */
async function countTold({ id }: ShownPayment): Promise<number> {
  const { rows } = await world.pool.query(
    "select count(*)::int as told from event_log where aggregate_id = $1 and type = 'payment.captured'",
    [id],
  );
  return rows[0].told;
}

/** Resolves when Razorpay has closed the code because we said so. */
async function untilClosed(codeId: string): Promise<void> {
  await world.vendor.waitFor(({ razorpay }) => {
    const code = razorpay.qrCodes.find(({ id }) => id === codeId);
    return code?.close_reason === 'on_demand';
  });
}

describe.each<GatewayName>(['RAZORPAY', 'PAYTM'])('a QR code of %s', (gateway) => {
  const createCall = {
    party: gateway === 'RAZORPAY' ? 'razorpay' : 'paytm',
    call: 'create-qr-code',
  } as const;

  it('is shown for a quarter of an hour, at the counter that asked for it, and is no page', async () => {
    const { id, actor, qrCode } = await showQrCode(world, gateway);
    const query = `query ($id: ID!) {
      payment(id: $id) { status checkout counterId checkoutUrl createdAt checkoutParameters { name } }
    }`;
    const { data } = await world.app.execute({ query, variables: { id } }, testIdentity(actor));
    const payment = data?.payment as { createdAt: string };
    expect(payment).toMatchObject({
      status: 'PENDING',
      checkout: 'UPI_QR',
      counterId: 'KIOSK-7',
      checkoutUrl: null,
      checkoutParameters: null,
    });
    expect(Date.parse(qrCode.expiresAt) - Date.parse(payment.createdAt)).toBe(15 * 60_000);
    if (gateway === 'PAYTM') expect(qrCode.upiUri).toMatch(/^upi:\/\/pay\?.*am=499\.00/);
    else
      expect(await world.vendor.codesOf(id)).toMatchObject([
        {
          notes: { payment_id: id, counter_id: 'KIOSK-7' },
          close_by: Math.floor(Date.parse(qrCode.expiresAt) / 1_000),
        },
      ]);
  });

  it('has a picture, until it is paid; its order has no page', async () => {
    const payment = await showQrCode(world, gateway);
    const inbound = new URL(world.webhookUrl).origin;
    const imageUrl = payment.qrCode.imageUrl.replace('https://pay.example.com', inbound);
    const picture = await fetch(imageUrl);
    expect(picture.headers.get('content-type')).toContain('image/svg+xml');
    expect(await picture.text()).toMatch(/^<svg .*<path /s);
    expect((await fetch(`${inbound}/checkout/${payment.codeId}`)).status).toBe(404);
    await world.vendor.scan(payment.codeId);
    await until(payment, 'CAPTURED');
    expect((await readPayment(world, payment.actor, payment.id)).qrCode).toBeNull();
    expect((await fetch(`${inbound}/checkout/${payment.codeId}/qr-code.svg`)).status).toBe(404);
  });

  it('that is scanned leads to CAPTURED by webhook', async () => {
    const payment = await showQrCode(world, gateway);
    await world.vendor.scan(payment.codeId);
    await until(payment, 'CAPTURED');
    const read = await readPayment(world, payment.actor, payment.id);
    expect(statuses(read)).toEqual(['CREATED', 'PENDING', 'CAPTURED']);
    expect(await countTold(payment)).toBe(1);
  });

  it('that is scanned leads to CAPTURED without a webhook, by whoever asks and by the janitor', async () => {
    await goDeaf();
    const [asked, forgotten] = [await showQrCode(world, gateway), await showQrCode(world, gateway)];
    await world.vendor.scan(asked.codeId);
    await world.vendor.scan(forgotten.codeId);
    expect(await verify(world, asked.actor, asked.id)).toBe('CAPTURED');
    await hurry(world, 'resolve-payment');
    await until(forgotten, 'CAPTURED');
  });

  it('that is declined leads to FAILED, and another one may be paid', async () => {
    const payment = await showQrCode(world, gateway);
    await world.vendor.scan(payment.codeId, 'decline');
    await until(payment, 'FAILED');
    if (gateway === 'RAZORPAY') await untilClosed(payment.codeId);
    const again = await showAgain(world, payment);
    await world.vendor.scan(again.codeId);
    await until(again, 'CAPTURED');
  });

  it('that is paid with another amount is QUARANTINED', async () => {
    const payment = await showQrCode(world, gateway);
    await world.vendor.scan(payment.codeId, 'success', 100);
    await until(payment, 'QUARANTINED');
  });

  it.each([
    ['500', 'before'],
    ['500', 'after'],
    ['reset', 'before'],
    ['reset', 'after'],
    ['timeout', 'after'],
  ] as const)(
    'whose answer is lost (%s, %s) is made anew, and only the second is shown',
    async (fault, when) => {
      await world.vendor.strike({ ...createCall, fault, when });
      const { actor, request, input } = await newQrAttempt(world, gateway);
      const first = await initiate(world, actor, input);
      expect(first.payment).toMatchObject({ status: 'UNKNOWN', qrCode: null });
      const { payment } = await initiate(world, actor, input);
      const shown = toShown(payment!, { actor, request, input });
      expect(shown).toMatchObject({ id: first.payment!.id, status: 'PENDING' });
      expect((await initiate(world, actor, input)).payment).toEqual(payment);
      await world.vendor.scan(shown.codeId);
      await until(shown, 'CAPTURED');
    },
  );

  it('whose answer is lost is made anew by the janitor, and whoever watches is shown it', async () => {
    await world.vendor.strike({ ...createCall, fault: 'reset', when: 'after' });
    const { actor, input } = await newQrAttempt(world, gateway);
    const { payment } = await initiate(world, actor, input);
    await hurry(world, 'resolve-payment');
    const query = `subscription ($id: ID!) {
      paymentStatusChanged(paymentId: $id) { status payment { qrCode { imageUrl } } }
    }`;
    const call = { query, variables: { id: payment!.id } };
    const stream = await world.app.subscribe(call, testIdentity(actor));
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    for await (const { data } of stream) {
      const event = data?.paymentStatusChanged as { status: string; payment: object };
      if (event.status !== 'PENDING') continue;
      expect(event.payment).toEqual({ qrCode: { imageUrl: expect.any(String) } });
      break;
    }
  });

  it('is one code for one key, however often and at once', async () => {
    const { actor, input } = await newQrAttempt(world, gateway);
    const answers = await Promise.all(Array.from({ length: 8 }, () => initiate(world, actor, input)));
    const { payment } = await initiate(world, actor, input);
    for (const answer of answers)
      if (answer.payment) expect(answer.payment).toEqual(payment);
      else expect(answer.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_IN_PROGRESS' }]);
    if (gateway === 'RAZORPAY') expect(await world.vendor.codesOf(payment!.id)).toHaveLength(1);
  });

  it('that takes the place of another: who scans both gets the second payment back', async () => {
    const old = await showQrCode(world, gateway);
    await using held = await world.vendor.hold('razorpay.close-qr-code.before');
    const payment = await showAgain(world, old);
    expect(await statusOf(old)).toBe('CANCELLED');
    expect((await readPayment(world, old.actor, old.id)).qrCode).toBeNull();
    if (gateway === 'RAZORPAY') await world.vendor.waitUntilHeld('razorpay.close-qr-code.before');
    await world.vendor.scan(old.codeId);
    await until(old, 'CAPTURED');
    await held[Symbol.asyncDispose]();
    await world.vendor.scan(payment.codeId);
    const { refunds } = await waitForRefunds(world, payment, areAll('PROCESSED'));
    expect(refunds).toMatchObject([{ cause: 'SUPERSEDED', amount: { amount: '499.00' } }]);
    expect(await statusOf(old)).toBe('CAPTURED');
    expect((await readRefunds(world, old)).refunds).toEqual([]);
  });

  it('that nobody has paid in time leads to EXPIRED, and late money for it to CAPTURED', async () => {
    const payment = await showQrCode(world, gateway);
    const attempt = await world.vendor.scan(payment.codeId, 'pending');
    world.clock.aheadMs = 15 * 60_000;
    await hurry(world, 'resolve-payment');
    await until(payment, 'EXPIRED');
    if (gateway === 'RAZORPAY') await untilClosed(payment.codeId);
    await world.vendor.answerLate(attempt);
    await until(payment, 'CAPTURED');
  });

  it('is paid by a guest at a kiosk, who has no account', async () => {
    const { input } = await newQrAttempt(world, gateway, { payer: `guest:${uuidv7()}` });
    const { payment, accessToken } = await initiate(world, anonymous, input);
    expect(payment).toMatchObject({ status: 'PENDING', qrCode: { imageUrl: expect.any(String) } });
    const query =
      'query ($id: ID!, $token: String) { payment(id: $id, accessToken: $token) { qrCode { expiresAt } } }';
    const call = { query, variables: { id: payment!.id, token: accessToken } };
    const { data } = await world.app.execute(call, testIdentity(anonymous));
    expect(data).toEqual({ payment: { qrCode: { expiresAt: payment!.qrCode!.expiresAt } } });
  });
});

it('is asked about as soon as its time is over, so that the screen hears of it', async () => {
  const { id, qrCode } = await showQrCode(world, 'RAZORPAY');
  world.clock.aheadMs = 10 * 60_000;
  for (;;) {
    await hurry(world, 'resolve-payment');
    const { rows } = await world.pool.query('select run_at from graphile_worker.jobs where key = $1', [
      `resolve-payment:${id}`,
    ]);
    if (rows[0]?.run_at.toISOString() === qrCode.expiresAt) break;
  }
});

describe('closing a code', () => {
  it('goes on until the vendor has done it, though its answers are lost', async () => {
    await world.vendor.strike({ call: 'close-qr-code', fault: '500', times: 3 });
    const old = await showQrCode(world, 'RAZORPAY');
    await showAgain(world, old);
    for (;;) {
      await hurry(world, 'close-qr-code');
      const [code] = await world.vendor.codesOf(old.id);
      if (code?.status === 'closed') break;
    }
    expect(await statusOf(old)).toBe('CANCELLED');
  });

  it('that was done, and whose answer was lost, is done', async () => {
    await world.vendor.strike({ call: 'close-qr-code', fault: 'reset', when: 'after' });
    const old = await showQrCode(world, 'RAZORPAY');
    await showAgain(world, old);
    await untilClosed(old.codeId);
    for (;;) {
      const { rows } = await world.pool.query('select 1 from graphile_worker.jobs where key = $1', [
        `close-qr-code:${old.id}`,
      ]);
      if (rows.length === 0) break;
    }
  });

  it('also of a code that comes when its payment is over', async () => {
    const { actor, request, input } = await newQrAttempt(world, 'RAZORPAY');
    await using held = await world.vendor.hold('razorpay.create-qr-code.after');
    const late = initiate(world, actor, input);
    await world.vendor.waitUntilHeld('razorpay.create-qr-code.after');
    const { rows } = await world.pool.query('select id from payment where installment_id = $1', [
      request.installmentId,
    ]);
    const [code] = await world.vendor.codesOf(rows[0].id);
    const next = { ...input, gateway: 'PAYTM', idempotencyKey: uuidv7() };
    expect((await initiate(world, actor, next)).payment).toMatchObject({ status: 'PENDING' });
    await held[Symbol.asyncDispose]();
    expect((await late).payment).toMatchObject({ status: 'CANCELLED', qrCode: null });
    await untilClosed(code!.id);
  });
});

it('two who scan one code at once: one payment is kept, and Razorpay gives the other back', async () => {
  const payment = await showQrCode(world, 'RAZORPAY');
  await goDeaf();
  const first = await world.vendor.scan(payment.codeId, 'pending');
  const second = await world.vendor.scan(payment.codeId, 'pending');
  await world.vendor.answerLate(first);
  await world.vendor.answerLate(second);
  expect(await verify(world, payment.actor, payment.id)).toBe('CAPTURED');
  const { rows } = await world.pool.query('select vendor_payment_id as kept from payment where id = $1', [
    payment.id,
  ]);
  expect(rows).toEqual([{ kept: first }]);
  expect(await countTold(payment)).toBe(1);
  await expect(world.vendor.scan(payment.codeId)).rejects.toThrow('409');
});

it('a code of the vendor’s account that is none of ours changes nothing', async () => {
  const authorization = `Basic ${Buffer.from('rzp_test_sandbox:sandbox_key_secret').toString('base64')}`;
  const response = await fetch(`${world.vendor.url}/razorpay/v1/payments/qr_codes`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'upi_qr', usage: 'single_use', fixed_amount: true, payment_amount: 100 }),
  });
  const { id } = (await response.json()) as { id: string };
  await world.vendor.scan(id);
  for (;;) {
    const { rows } = await world.pool.query(
      `select count(*)::int as received, count(processed_at)::int as processed from webhook_delivery
        where convert_from(body, 'UTF8') like '%' || $1 || '%'`,
      [id],
    );
    if (rows[0].received >= 2 && rows[0].received === rows[0].processed) break;
  }
});

describe('what a client asks for', () => {
  const codesOf = async (change: object) => {
    const { actor, input } = await newQrAttempt(world, 'RAZORPAY');
    const { payment, userErrors } = await initiate(world, actor, { ...input, ...change });
    expect(payment).toBeNull();
    return userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`);
  };

  it.each([
    ['no counter', { counterId: null }, 'counterId'],
    ['a counter that is too long', { counterId: 'K'.repeat(33) }, 'counterId'],
    ['a counter with a space', { counterId: 'KIOSK 7' }, 'counterId'],
    ['a QR code with somewhere to return to', { returnUrl }, 'returnUrl'],
    ['a page with nowhere to return to', { checkout: 'HOSTED_PAGE', counterId: null }, 'returnUrl'],
    ['a page at a counter', { checkout: 'HOSTED_PAGE', returnUrl }, 'counterId'],
  ])('is refused with %s', async (_what, change, field) => {
    expect(await codesOf(change)).toEqual([`INVALID_INPUT input.${field}`]);
  });

  it.each([
    ['another counter', { counterId: 'KIOSK-8' }],
    ['a page', { checkout: 'HOSTED_PAGE', counterId: null, returnUrl }],
  ])('is another request under the same key with %s', async (_what, change) => {
    const { actor, input } = await newQrAttempt(world, 'RAZORPAY');
    await initiate(world, actor, input);
    const { userErrors } = await initiate(world, actor, { ...input, ...change });
    expect(userErrors).toMatchObject([{ code: 'IDEMPOTENCY_CONFLICT' }]);
  });
});
