import { expect, it } from 'vitest';
import { signPayment, signWebhook } from './signature.ts';

// Values computed independently of this code.
it('signs a payment', () => {
  const ids = { orderId: 'order_TESTORDER00001', paymentId: 'pay_TESTPAYMENT001' };
  expect(signPayment(ids, 'sandbox_key_secret')).toBe(
    'da08efdfd7dc4b9221b9cf77771ef8ae4676afa03461c2341d28854f811816d1',
  );
});

it('signs a webhook', () => {
  expect(signWebhook('{"entity":"event","event":"payment.captured"}', 'sandbox_webhook_secret')).toBe(
    '8b58291d4a0676902ceae403b99595d6cf70c3446c67bf80e4a913ed10645e1a',
  );
});
