import { validateWebhookSignature } from 'razorpay/dist/utils/razorpay-utils.js';
import { describe, expect, it } from 'vitest';
import { isPaymentSigned, isWebhookSigned } from './razorpay.signature.ts';

// Values computed independently of this code.
const ids = { orderId: 'order_TESTORDER00001', paymentId: 'pay_TESTPAYMENT001' };
const paymentSignature = 'da08efdfd7dc4b9221b9cf77771ef8ae4676afa03461c2341d28854f811816d1';
const body = Buffer.from('{"entity":"event","event":"payment.captured"}');
const webhookSignature = '8b58291d4a0676902ceae403b99595d6cf70c3446c67bf80e4a913ed10645e1a';

describe('what checkout signs', () => {
  it('is the order and the payment, with the key’s secret', () => {
    expect(isPaymentSigned(ids, paymentSignature, 'sandbox_key_secret')).toBe(true);
  });

  it.each([
    ['another order', { ...ids, orderId: 'order_TESTORDER00002' }, paymentSignature],
    ['another payment', { ...ids, paymentId: 'pay_TESTPAYMENT002' }, paymentSignature],
    ['upper case', ids, paymentSignature.toUpperCase()],
    ['nothing', ids, ''],
    ['more', ids, `${paymentSignature}0`],
  ])('does not hold for %s', (_name, given, signature) => {
    expect(isPaymentSigned(given, signature, 'sandbox_key_secret')).toBe(false);
  });
});

describe('what a webhook is signed with', () => {
  it('is any of our secrets, over the bytes as they came', () => {
    expect(isWebhookSigned(body, webhookSignature, ['a newer secret', 'sandbox_webhook_secret'])).toBe(true);
    expect(isWebhookSigned(body, webhookSignature, ['a newer secret'])).toBe(false);
    expect(isWebhookSigned(body, webhookSignature, [])).toBe(false);
    const spaced = Buffer.from(body.toString().replace(':', ': '));
    expect(isWebhookSigned(spaced, webhookSignature, ['sandbox_webhook_secret'])).toBe(false);
  });

  it('is what Razorpay’s own package takes', () => {
    expect(validateWebhookSignature(body.toString(), webhookSignature, 'sandbox_webhook_secret')).toBe(true);
  });
});
