import type { VerifiedWebhook, WebhookHint } from '../payment-gateway.ts';
import { parseJson } from '../read-answer.ts';
import { webhookEnvelope } from './razorpay.schemas.ts';
import { isWebhookSigned } from './razorpay.signature.ts';

/** Checks a webhook's signature over its raw bytes (https://razorpay.com/docs/webhooks/validate-test/). */
export function verifyRazorpayWebhook(
  body: Buffer,
  headers: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): VerifiedWebhook | null {
  const signature = headers['x-razorpay-signature'];
  const eventId = headers['x-razorpay-event-id'];
  if (typeof signature !== 'string' || typeof eventId !== 'string') return null;
  return isWebhookSigned(body, signature, secrets) ? { eventId } : null;
}

/** What `payment.*`, `order.paid`, `refund.*` and `qr_code.credited` speak of. Null: another event. */
export function readRazorpayWebhook(body: Buffer): WebhookHint | null {
  const { data } = webhookEnvelope.safeParse(parseJson(body.toString('utf8')));
  if (!data) return null;
  const { refund, payment, qr_code: qrCode } = data.payload;
  if (refund) {
    const { id, receipt } = refund.entity;
    return { kind: 'REFUND', vendorRefundId: id, refundId: receipt ?? null };
  }
  if (!payment) return null;
  const { id, order_id: orderId } = payment.entity;
  return { kind: 'PAYMENT', paymentId: id, orderId: orderId ?? qrCode?.entity.id ?? null };
}
