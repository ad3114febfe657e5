import { describe, expect, it } from 'vitest';
import {
  createPaid,
  newRefund,
  type Party,
  startVendor,
  type VendorWorld,
  type Webhook,
} from './gateway.fixture.ts';

const isGenuine = ({ gateway }: Pick<VendorWorld, 'gateway'>, { body, headers }: Webhook) =>
  gateway.verifyWebhook(body, headers) !== null;

/** Razorpay tells a success in three events, Paytm in one. */
const perPayment = { razorpay: 3, paytm: 1 } as const;

describe.each<Party>(['razorpay', 'paytm'])('webhooks of %s', (party) => {
  it('are genuine as the raw bytes they came in, and name what they speak of', async () => {
    await using world = await startVendor(party);
    const { order, vendorPaymentId } = await createPaid(world);
    for (const webhook of await world.webhooks(perPayment[party])) {
      expect(isGenuine(world, webhook)).toBe(true);
      expect(world.gateway.readWebhook(webhook.body)).toEqual({
        kind: 'PAYMENT',
        paymentId: vendorPaymentId,
        orderId: order.id,
      });
      const changed = Buffer.from(webhook.body.toString('latin1').replace('499', '498'), 'latin1');
      expect(isGenuine(world, { ...webhook, body: changed })).toBe(false);
      expect(isGenuine(world, { ...webhook, body: Buffer.alloc(0) })).toBe(false);
    }
  });

  it('are the same event on each delivery, and another for another state', async () => {
    await using world = await startVendor(party);
    await world.strike({ call: 'send-webhook', fault: 'duplicate', times: perPayment[party] });
    await createPaid(world);
    const webhooks = await world.webhooks(2 * perPayment[party]);
    const ids = webhooks.map(({ body, headers }) => world.gateway.verifyWebhook(body, headers)?.eventId);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(perPayment[party]);
  });

  it('are not genuine when somebody else signed them, or with a key that is not ours', async () => {
    await using world = await startVendor(party);
    await createPaid(world);
    await world.webhooks(perPayment[party]);
    await world.strike({ call: 'send-webhook', fault: 'bad-signature' });
    await createPaid(world);
    const webhooks = await world.webhooks(perPayment[party] * 2);
    expect(webhooks.map((webhook) => isGenuine(world, webhook)).filter((genuine) => !genuine)).toHaveLength(
      1,
    );
    const stranger = world.createGateway({ secrets: ['another secret 1'] });
    expect(isGenuine({ gateway: stranger }, webhooks[0]!)).toBe(false);
  });

  it('tell of refunds by our refund id', async () => {
    await using world = await startVendor(party);
    const paid = await createPaid(world);
    const refund = newRefund(paid);
    const { id } = await world.gateway.refund(refund);
    const webhooks = await world.webhooks(perPayment[party] + 2);
    const hints = webhooks.slice(perPayment[party]).map(({ body }) => world.gateway.readWebhook(body));
    const hint = { kind: 'REFUND', vendorRefundId: id, refundId: refund.refundId };
    expect(hints).toEqual([hint, hint]);
    const ids = webhooks.map(({ body, headers }) => world.gateway.verifyWebhook(body, headers)?.eventId);
    expect(new Set(ids).size).toBe(webhooks.length);
    expect(ids).not.toContain(undefined);
  });

  it('of a QR code lead to the code', async () => {
    await using world = await startVendor(party);
    const { id } = await world.gateway.createQrCode({
      paymentId: 'COUNTER-PAYMENT-1',
      amountMinor: 20_000,
      currency: 'INR',
      counterId: 'COUNTER_1',
      expiresAt: new Date(Date.now() + 10 * 60_000),
    });
    const { paymentId } = await world.scan(id);
    const webhooks = await world.webhooks(party === 'razorpay' ? 5 : 1);
    const hints = webhooks.map(({ body }) => world.gateway.readWebhook(body));
    expect(hints).toContainEqual({ kind: 'PAYMENT', paymentId, orderId: id });
  });
});

describe('webhooks of paytm in their other shapes', () => {
  it('are genuine as JSON, over the text of the body as it stands there', async () => {
    await using world = await startVendor('paytm');
    await world.control('/webhook', { party: 'paytm', format: 'json' });
    const { vendorPaymentId, order } = await createPaid(world);
    const [webhook] = await world.webhooks(1);
    expect(webhook!.headers['content-type']).toBe('application/json');
    expect(isGenuine(world, webhook!)).toBe(true);
    const hint = { kind: 'PAYMENT', paymentId: vendorPaymentId, orderId: order.id };
    expect(world.gateway.readWebhook(webhook!.body)).toEqual(hint);
  });

  it('are genuine as flat JSON with the checksum among the fields', async () => {
    await using world = await startVendor('paytm');
    const { callback } = await createPaid(world);
    const flat = { body: Buffer.from(JSON.stringify(callback)), headers: {} };
    expect(isGenuine(world, flat)).toBe(true);
    const changed = { body: Buffer.from(JSON.stringify({ ...callback, STATUS: 'PENDING' })), headers: {} };
    expect(isGenuine(world, changed)).toBe(false);
  });

  it.each(['{', '[]', 'null', '{"head":1}', '{"head":{"signature":"x"},"body":[]}', 'MID=x', ''])(
    'are nothing as %j',
    async (text) => {
      await using world = await startVendor('paytm');
      expect(world.gateway.verifyWebhook(Buffer.from(text), {})).toBeNull();
      expect(world.gateway.readWebhook(Buffer.from(text))).toBeNull();
    },
  );
});
