import type { VerifiedWebhook, WebhookHint } from '../payment-gateway.ts';
import { parseJson } from '../read-answer.ts';
import { sliceMember } from './json-member.ts';
import { isTextSigned, toSignedText } from './paytm.checksum.ts';
import { callbackFields, webhookBody } from './paytm.schemas.ts';

interface PaytmMerchant {
  readonly mid: string;
  readonly merchantKeys: readonly string[];
}

/** A webhook in any of Paytm's shapes, and the text and checksum that show whether it is genuine. */
interface ReadWebhook {
  readonly mid: string;
  readonly hint: WebhookHint;
  /** The vendor's word for what happened. */
  readonly state: string;
  readonly checksum: string;
  /** What may have been signed: any one suffices. */
  readonly texts: readonly string[];
}

/**
 * Checks a webhook. Paytm has no event id: order, transaction or refund, and state say which event it is
 * (https://www.paytmpayments.com/docs/payment-status, …/success-refund-webhook).
 */
export function verifyPaytmWebhook(
  body: Buffer,
  { mid, merchantKeys }: PaytmMerchant,
): VerifiedWebhook | null {
  const webhook = readShape(body);
  if (webhook?.mid !== mid) return null;
  const isGenuine = webhook.texts.some((text) => isTextSigned(text, webhook.checksum, merchantKeys));
  return isGenuine ? { eventId: toEventId(webhook) } : null;
}

export function readPaytmWebhook(body: Buffer): WebhookHint | null {
  return readShape(body)?.hint ?? null;
}

function toEventId({ hint, state }: ReadWebhook): string {
  return hint.kind === 'REFUND'
    ? `refund:${hint.refundId}:${hint.vendorRefundId}:${state}`
    : `payment:${hint.orderId}:${hint.paymentId}:${state}`;
}

/** By the body itself, not by its content type: the store keeps only the body. */
function readShape(body: Buffer): ReadWebhook | null {
  const text = body.toString('utf8');
  if (!text.trimStart().startsWith('{')) return readFields(Object.fromEntries(new URLSearchParams(text)));
  const json = parseJson(text);
  return isRecord(json) && typeof json.CHECKSUMHASH === 'string'
    ? readFields(toTexts(json))
    : readEnvelope(text, json);
}

/** The key and value pairs of the browser's callback. */
function readFields(fields: Readonly<Record<string, string>>): ReadWebhook | null {
  const { data } = callbackFields.safeParse(fields);
  if (!data) return null;
  return {
    mid: data.MID,
    hint: { kind: 'PAYMENT', paymentId: data.TXNID || null, orderId: data.ORDERID },
    state: data.STATUS,
    checksum: data.CHECKSUMHASH,
    texts: [toSignedText(fields)],
  };
}

/** `{head: {signature}, body}`. */
function readEnvelope(text: string, json: unknown): ReadWebhook | null {
  if (!isRecord(json) || !isRecord(json.head) || typeof json.head.signature !== 'string') return null;
  const { data } = webhookBody.safeParse(json.body);
  const raw = sliceMember(text, 'body');
  if (!data || raw === null) return null;
  return {
    mid: data.mid,
    hint: toHint(data),
    state: data.status ?? data.resultInfo?.resultCode ?? '',
    checksum: json.head.signature,
    texts: [raw, JSON.stringify(json.body)],
  };
}

function toHint({ orderId, txnId, refId, refundId }: ReturnType<typeof webhookBody.parse>): WebhookHint {
  return refId
    ? { kind: 'REFUND', vendorRefundId: refundId ?? refId, refundId: refId }
    : { kind: 'PAYMENT', paymentId: txnId || null, orderId };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toTexts(json: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value ?? '')]));
}
