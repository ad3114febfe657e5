import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a webhook's signature holds: lowercase hex HMAC-SHA-256 of the raw body under the webhook secret
 * (https://razorpay.com/docs/webhooks/validate-test/). While a secret is rotated, retries of older events are still
 * signed with the old one, so several are accepted.
 */
export function isWebhookSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => isSigned(body, signature, secret));
}

/**
 * Whether checkout's signature for a payment holds: HMAC-SHA-256 of our order's id and the payment's id under the
 * key's secret (https://razorpay.com/docs/payments/server-integration/nodejs/payment-gateway/build-integration/).
 */
export function isPaymentSigned(
  ids: { readonly orderId: string; readonly paymentId: string },
  signature: string,
  keySecret: string,
): boolean {
  return isSigned(`${ids.orderId}|${ids.paymentId}`, signature, keySecret);
}

function isSigned(message: Buffer | string, signature: string, secret: string): boolean {
  const given = Buffer.from(signature);
  const expected = Buffer.from(createHmac('sha256', secret).update(message).digest('hex'));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
