import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a webhook's signature holds: lowercase hex HMAC-SHA-256 of the raw body under the webhook secret
 * (https://razorpay.com/docs/webhooks/validate-test/). While a secret is rotated, retries of older events are still
 * signed with the old one, so several are accepted.
 */
export function isWebhookSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature);
  return secrets.some((secret) => {
    const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
