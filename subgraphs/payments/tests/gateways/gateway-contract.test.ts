import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPaid,
  newOrder,
  newQrCode,
  newRefund,
  type Party,
  startVendor,
  type VendorWorld,
} from './gateway.fixture.ts';

/** What every payment gateway does, whoever it is. */
describe.each<Party>(['razorpay', 'paytm'])('%s', (party) => {
  let world: VendorWorld;
  beforeAll(async () => {
    world = await startVendor(party);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe('orders', () => {
    it('carry our payment id, and lead to our checkout page', async () => {
      const request = newOrder();
      const order = await world.gateway.createOrder(request);
      expect(order.receipt).toBe(request.paymentId);
      expect(order.checkoutUrl).toBe(`https://pay.example.com/checkout/${order.id}`);
      expect(await world.gateway.getOrder(order.id)).toMatchObject({ id: order.id, receipt: order.receipt });
    });

    it('are found by our payment id, when an answer was lost', async () => {
      const { request, order } = await createPaid(world);
      expect(await world.gateway.findOrder(request)).toEqual(order);
      expect(await world.gateway.findOrder(newOrder())).toBeNull();
    });

    it('are refused in a currency that is not on offer', async () => {
      expect(world.gateway.terms.currencies).toEqual(['INR']);
      const created = world.gateway.createOrder(newOrder({ currency: 'USD' }));
      await expect(created).rejects.toMatchObject({ outcome: 'REFUSED', vendorCode: expect.any(String) });
    });

    it('give a client what the vendor’s own checkout needs, as often as it asks', async () => {
      const request = newOrder();
      const { id } = await world.gateway.createOrder(request);
      const ask = () => world.gateway.getCheckoutParameters({ ...request, vendorOrderId: id });
      const parameters = await ask();
      expect(parameters).toMatchObject(
        party === 'razorpay'
          ? { key: 'rzp_test_contract', order_id: id, amount: '49900', currency: 'INR' }
          : { mid: 'ContractMerchant0001', orderId: id, amount: '499.00', txnToken: expect.any(String) },
      );
      expect(await ask()).toEqual(parameters);
      expect(JSON.stringify(parameters)).not.toContain('secret');
    });
  });

  describe('payments', () => {
    it('are none before anybody tried', async () => {
      const { id } = await world.gateway.createOrder(newOrder());
      expect(await world.gateway.listPayments(id)).toEqual([]);
    });

    it('that succeed are captured, with amount and currency', async () => {
      const { order, vendorPaymentId } = await createPaid(world);
      const paid = { id: vendorPaymentId, orderId: order.id, amountMinor: 49_900, currency: 'INR' };
      const [payment] = await world.gateway.listPayments(order.id);
      expect(payment).toMatchObject({ ...paid, status: 'CAPTURED', failureCode: null });
      const reference = { paymentId: vendorPaymentId, orderId: order.id };
      expect(await world.gateway.getPayment(reference)).toEqual(payment);
      expect(await world.gateway.capture(payment!)).toEqual(payment);
    });

    it('cost what our contract says, where the vendor tells', async () => {
      const { order } = await createPaid(world);
      const [payment] = await world.gateway.listPayments(order.id);
      // 2 % or 1.99 % of 499 rupees, and 18 % tax on it.
      expect(world.gateway.estimateFeeMinor(49_900)).toBe(party === 'razorpay' ? 1_178 : 1_172);
      expect(payment?.feeMinor).toBe(party === 'razorpay' ? 1_178 : null);
    });

    it('that are pending decide nothing, that fail say why, and may succeed late', async () => {
      const order = await world.gateway.createOrder(newOrder());
      const { paymentId } = await world.pay(order.checkoutUrl, 'pending');
      const read = async () => (await world.gateway.listPayments(order.id))[0];
      expect(await read()).toMatchObject({ id: paymentId, status: 'CREATED' });
      await world.answerLate(paymentId, 'decline');
      expect(await read()).toMatchObject({ status: 'FAILED', failureCode: expect.any(String) });
      await world.answerLate(paymentId);
      expect(await read()).toMatchObject({ id: paymentId, status: 'CAPTURED', failureCode: null });
    });

    it('show the amount that came, whatever was asked', async () => {
      const order = await world.gateway.createOrder(newOrder());
      await world.pay(order.checkoutUrl, 'success', 100);
      expect(await world.gateway.listPayments(order.id)).toMatchObject([{ amountMinor: 100 }]);
    });
  });

  describe('what checkout hands to the client', () => {
    it('is genuine for its own order only', async () => {
      const { order, vendorPaymentId, callback } = await createPaid(world);
      expect(world.gateway.verifyConfirmation(order.id, callback)).toEqual({
        paymentId: vendorPaymentId,
        orderId: order.id,
      });
      const other = await world.gateway.createOrder(newOrder());
      expect(world.gateway.verifyConfirmation(other.id, callback)).toBeNull();
    });

    const signed = {
      razorpay: ['razorpay_payment_id', 'razorpay_signature'],
      paytm: ['ORDERID', 'TXNAMOUNT', 'STATUS', 'CHECKSUMHASH'],
    };
    it.each(signed[party])('is not when %s was changed or left out', async (field) => {
      const { order, callback } = await createPaid(world);
      const { [field]: value, ...rest } = callback;
      expect(value).toBeTruthy();
      expect(world.gateway.verifyConfirmation(order.id, { ...rest, [field]: `${value}1` })).toBeNull();
      expect(world.gateway.verifyConfirmation(order.id, rest)).toBeNull();
    });

    it('is not when somebody else signed it', async () => {
      await world.strike({ call: 'confirm-payment', fault: 'bad-signature' });
      const { order, callback } = await createPaid(world);
      expect(world.gateway.verifyConfirmation(order.id, callback)).toBeNull();
    });
  });

  describe('refunds', () => {
    const refundsOf = async (refundId: string) =>
      (await world.state()).refunds.filter((refund) => JSON.stringify(refund).includes(refundId));

    it('are made once, however often they are asked for', async () => {
      const request = newRefund(await createPaid(world));
      const refund = await world.gateway.refund(request);
      const { refundId, vendorPaymentId, amountMinor } = request;
      expect(refund).toMatchObject({ refundId, vendorPaymentId, amountMinor, failureCode: null });
      expect((await world.gateway.refund(request)).id).toBe(refund.id);
      expect(await refundsOf(refundId)).toHaveLength(1);
    });

    it.each(['before', 'after'] as const)(
      'are made once when the answer is lost %s they are',
      async (when) => {
        const request = newRefund(await createPaid(world));
        await world.strike({
          call: party === 'razorpay' ? 'create-refund' : 'apply-refund',
          fault: 'reset',
          when,
        });
        expect(await world.gateway.refund(request)).toMatchObject({ refundId: request.refundId });
        expect(await refundsOf(request.refundId)).toHaveLength(1);
      },
    );

    it('are found by our refund id, when the bank is done with them', async () => {
      const request = newRefund(await createPaid(world));
      expect(await world.gateway.findRefund(request)).toBeNull();
      const { id } = await world.gateway.refund(request);
      await world.webhooks(1);
      expect(await world.gateway.findRefund(request)).toMatchObject({ id, status: 'PROCESSED' });
    });

    it('may fail at the bank', async () => {
      await world.strike({ call: 'process-refund', fault: 'failed' });
      const request = newRefund(await createPaid(world));
      await world.gateway.refund(request);
      const refund = await world.gateway.findRefund(request);
      expect(refund).toMatchObject({ status: 'FAILED', failureCode: expect.any(String) });
    });

    it('of more than was paid are refused', async () => {
      const refund = world.gateway.refund(newRefund(await createPaid(world), 49_901));
      await expect(refund).rejects.toMatchObject({ outcome: 'REFUSED' });
    });
  });

  describe('QR codes at a counter', () => {
    it('are paid by scanning, and stand for the order', async () => {
      const code = await world.gateway.createQrCode(newQrCode());
      expect(await world.gateway.listPayments(code.id)).toEqual([]);
      const scanned = await world.scan(code.id);
      const paid = { id: scanned.paymentId, orderId: code.id, amountMinor: 49_900, status: 'CAPTURED' };
      expect(await world.gateway.listPayments(code.id)).toMatchObject([paid]);
      expect(await world.gateway.getPayment({ paymentId: null, orderId: code.id })).toMatchObject(paid);
      await world.gateway.closeQrCode(code.id);
      await expect(world.scan(code.id)).rejects.toThrow('409');
    });

    it('are pictures; what they hold is told by a vendor that lets us draw them', async () => {
      const code = await world.gateway.createQrCode(newQrCode());
      if (party === 'razorpay') {
        expect(code).toMatchObject({ upiUri: null, imageUrl: `${world.url}/razorpay/qr/${code.id}` });
      } else {
        expect(code.upiUri).toMatch(/^upi:\/\/pay\?.*am=499\.00/);
        expect(code.imageUrl).toBe(`https://pay.example.com/checkout/${code.id}/qr-code.svg`);
      }
    });

    it('carry our payment id, and are made anew when an answer was lost', async () => {
      const request = newQrCode();
      await world.strike({ call: 'create-qr-code', fault: 'reset', when: 'after' });
      await expect(world.gateway.createQrCode(request)).rejects.toMatchObject({ outcome: 'UNKNOWN' });
      const code = await world.gateway.createQrCode(request);
      expect(code.receipt).toBe(request.paymentId);
      expect(await world.gateway.listPayments(code.id)).toEqual([]);
    });

    it('end when they were asked to', async () => {
      const request = newQrCode();
      const { id } = await world.gateway.createQrCode(request);
      expect(await world.endOf(id)).toBe(Math.floor(request.expiresAt.getTime() / 1_000));
    });

    it('are closed as often as we ask; Paytm’s go on until their end', async () => {
      const { id } = await world.gateway.createQrCode(newQrCode());
      await world.gateway.closeQrCode(id);
      await world.gateway.closeQrCode(id);
      if (party === 'razorpay') await expect(world.scan(id)).rejects.toThrow('409');
      else expect(await world.scan(id)).toMatchObject({ orderId: id });
    });

    it('are found by a payment whose events do not name them', async () => {
      const { id } = await world.gateway.createQrCode(newQrCode());
      const { paymentId } = await world.scan(id, 'decline');
      const orderId = party === 'razorpay' ? null : id;
      const found = await world.gateway.getPayment({ paymentId, orderId });
      expect(found).toMatchObject({ id: paymentId, orderId: id, status: 'FAILED' });
    });

    it('keep the first of two payments that were on their way', async () => {
      // Paytm has one payment an order.
      if (party === 'paytm') return;
      const { id } = await world.gateway.createQrCode(newQrCode());
      const { paymentId: first } = await world.scan(id, 'pending');
      const { paymentId: second } = await world.scan(id, 'pending');
      await world.answerLate(first);
      await world.answerLate(second);
      expect(await world.gateway.listPayments(id)).toMatchObject([{ id: first, status: 'CAPTURED' }]);
      const found = await world.gateway.getPayment({ paymentId: second, orderId: null });
      expect(found).toMatchObject({ id: first, orderId: id });
    });
  });

  describe('listings', () => {
    it('give every payment and refund between two times, whatever the vendor’s page size', async () => {
      await using busy = await startVendor(party);
      const from = new Date(Date.now() - 60_000);
      const expected = new Set<string>();
      for (let count = 0; count < 101; count += 1) {
        const { checkoutUrl } = await busy.gateway.createOrder(newOrder());
        expected.add((await busy.pay(checkoutUrl, count % 2 ? 'success' : 'decline')).paymentId);
      }
      const refund = newRefund(await createPaid(busy));
      expected.add(refund.vendorPaymentId);
      await busy.gateway.refund(refund);
      const window = { from, to: new Date(Date.now() + 60_000) };
      const payments = await busy.gateway.listPaymentsBetween(window);
      expect(new Set(payments?.map(({ id }) => id))).toEqual(expected);
      expect(await busy.gateway.listRefundsBetween(window)).toMatchObject([
        {
          refundId: refund.refundId,
          vendorPaymentId: refund.vendorPaymentId,
          amountMinor: 9_900,
          currency: 'INR',
        },
      ]);
      const before = { from: new Date(from.getTime() - 60_000), to: from };
      expect(await busy.gateway.listPaymentsBetween(before)).toEqual([]);
    });
  });
});
