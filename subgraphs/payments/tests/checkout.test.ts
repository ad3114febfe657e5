import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type InitiateInput,
  initiate,
  newAttempt,
  type PaymentsWorld,
  publicUrl,
  readPayment,
  returnUrl,
  startPayments,
} from './payments.fixture.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPayments();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A payment for a new debt at this vendor, and its checkout page as it is served here. */
async function start(gateway: 'RAZORPAY' | 'PAYTM') {
  const { actor, input } = await newAttempt(world);
  const { payment } = await initiate(world, actor, { ...input, gateway } as InitiateInput);
  if (!payment?.checkoutUrl) throw new Error('not started');
  const { checkoutUrl, id } = payment;
  return { id, actor, checkoutUrl, pageUrl: toLocal(checkoutUrl), status: async () => statusOf(actor, id) };
}

const toLocal = (url: string) => url.replace(publicUrl, new URL(world.webhookUrl).origin);

const statusOf = async (actor: Parameters<typeof readPayment>[1], id: string) =>
  (await readPayment(world, actor, id)).status;

async function open(url: string) {
  const response = await fetch(url, { redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function post(url: string, body: BodyInit, contentType: string) {
  const headers = { 'content-type': contentType };
  return fetch(toLocal(url), { method: 'POST', body, headers, redirect: 'manual' });
}

const postJson = (url: string, body: object) => post(url, JSON.stringify(body), 'application/json');
const postForm = (url: string, body: Record<string, string>) =>
  post(url, new URLSearchParams(body).toString(), 'application/x-www-form-urlencoded');

/** Pays without telling us by webhook. */
async function payUnheard(checkoutUrl: string): Promise<Record<string, string>> {
  const response = await fetch(`${world.vendor.url}/control/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ checkoutUrl, outcome: 'success' }),
  });
  return ((await response.json()) as { callback: Record<string, string> }).callback;
}

describe('the checkout page', () => {
  it('of Razorpay opens its script, and allows nothing else', async () => {
    const { pageUrl } = await start('RAZORPAY');
    const { status, headers, text } = await open(pageUrl);
    expect(status).toBe(200);
    expect(text).toContain('₹499.00');
    expect(text).toContain('Bill EL-202611-7');
    expect(text).toContain(`<script src="${world.vendor.url}/razorpay/checkout.js" defer>`);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'self' ${new URL(world.vendor.url).origin};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(text).not.toMatch(/<script>|onclick|secret/);
  });

  it('of Paytm goes on to its page with the token', async () => {
    const { pageUrl, id } = await start('PAYTM');
    const { status, headers, text } = await open(pageUrl);
    expect(status).toBe(200);
    const form = /action="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(form).toContain(`/theia/api/v1/showPaymentPage?mid=TestMerchant00000001&orderId=${id}`);
    expect(headers.get('content-security-policy')).toContain(`form-action ${new URL(form).origin};`);
    const txnToken = /name="txnToken" value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect((await postForm(form, { mid: 'TestMerchant00000001', orderId: id, txnToken })).status).toBe(200);
  });

  it('has its files beside it, and they run nothing from elsewhere', async () => {
    const { pageUrl } = await start('RAZORPAY');
    for (const name of ['checkout.js', 'leave.js', 'checkout.css'])
      expect((await open(new URL(`assets/${name}`, pageUrl).href)).status).toBe(200);
  });

  it('is not there for an order that nobody has', async () => {
    const { status, text } = await open(toLocal(`${publicUrl}/checkout/order_00000000000000`));
    expect([status, text.includes('Payment not found')]).toEqual([404, true]);
  });

  it('says so when the vendor does not answer', async () => {
    const { pageUrl } = await start('PAYTM');
    const scenario = { party: 'paytm', call: 'initiate-transaction', fault: '500', times: 3 };
    await postJson(`${world.vendor.url}/control/scenario`, scenario);
    const { status, text } = await open(pageUrl);
    expect([status, text.includes('Nothing was taken')]).toEqual([503, true]);
  });
});

describe('the result of a checkout', () => {
  it('of Razorpay settles the payment when the vendor signed it', async () => {
    await world.vendor.sendWebhooksTo(null);
    const { checkoutUrl, pageUrl, status } = await start('RAZORPAY');
    const callback = await payUnheard(checkoutUrl);
    const forged = await postJson(`${checkoutUrl}/result`, {
      ...callback,
      razorpay_signature: '0'.repeat(64),
    });
    expect([forged.status, await forged.json()]).toEqual([
      400,
      { error: { code: 'PAYMENT_SIGNATURE_INVALID' } },
    ]);
    expect((await postJson(`${checkoutUrl}/result`, callback)).status).toBe(200);
    expect(await status()).toBe('CAPTURED');
    expect((await postJson(`${checkoutUrl}/result`, callback)).status).toBe(200);
    expect((await open(pageUrl)).text).toContain('You do not need to pay again');
  });

  it('of Paytm comes with the browser, which goes on to the client app', async () => {
    const { checkoutUrl, status } = await start('PAYTM');
    const callback = await payUnheard(checkoutUrl);
    const forged = await postForm(`${publicUrl}/checkout/callback/paytm`, { ...callback, TXNAMOUNT: '1.00' });
    expect([forged.status, (await forged.text()).includes('could not be confirmed')]).toEqual([400, true]);
    const answer = await postForm(`${publicUrl}/checkout/callback/paytm`, callback);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, returnUrl]);
    expect(await status()).toBe('CAPTURED');
  });

  it.each([
    ['{"a":{}}', 'application/json', 400],
    ['{', 'application/json', 400],
    ['<a/>', 'text/xml', 415],
    [`{"a":"${'x'.repeat(20_000)}"}`, 'application/json', 413],
  ])('is refused as %.10s of %s', async (body, contentType, status) => {
    const { checkoutUrl } = await start('RAZORPAY');
    expect((await post(`${checkoutUrl}/result`, body, contentType)).status).toBe(status);
  });

  it('of an order that nobody has is refused', async () => {
    const unknown = {
      MID: 'x',
      ORDERID: '00000000-0000-7000-8000-000000000000',
      STATUS: 'x',
      CHECKSUMHASH: 'x',
    };
    expect((await postForm(`${publicUrl}/checkout/callback/paytm`, unknown)).status).toBe(400);
    expect((await postForm(`${publicUrl}/checkout/callback/paytm`, {})).status).toBe(400);
    expect((await postJson(`${publicUrl}/checkout/nobody/result`, {})).status).toBe(404);
  });
});
