import { createHmac } from 'node:crypto';

/** What checkout hands to the merchant's page: HMAC-SHA256 with the API key secret, lower-case hex. */
export function signPayment(ids: { orderId: string; paymentId: string }, keySecret: string): string {
  return hmacHex(`${ids.orderId}|${ids.paymentId}`, keySecret);
}

/** The `X-Razorpay-Signature` of a webhook: HMAC-SHA256 over the raw body with the webhook secret. */
export function signWebhook(body: string, webhookSecret: string): string {
  return hmacHex(body, webhookSecret);
}

function hmacHex(message: string, secret: string): string {
  return createHmac('sha256', secret).update(message).digest('hex');
}
