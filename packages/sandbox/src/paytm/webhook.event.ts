import { createDelivery, type QueuedEvent } from '../webhooks/delivery.ts';
import { signFields, signText } from './checksum.ts';

/** The two shapes in which Paytm tells a server about a payment; its documentation knows both. */
export type WebhookFormat = 'form' | 'json';

/** The same key and value pairs that the browser's callback carries, with a checksum over them. */
export function createFormEvent(
  event: string,
  fields: Record<string, string>,
  merchantKey: string,
): QueuedEvent {
  const toRequest = (key: string) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, CHECKSUMHASH: signFields(fields, key) }).toString(),
  });
  return {
    delivery: createDelivery(event),
    request: toRequest(merchantKey),
    forged: toRequest(toWrong(merchantKey)),
  };
}

/**
 * `{head: {signature, version}, body}`, the signature over the text of the body as it stands there. It has blanks where
 * JavaScript writes none: who parses the body and writes it anew gets another text.
 */
export function createJsonEvent(
  event: string,
  body: Record<string, unknown>,
  merchantKey: string,
): QueuedEvent {
  const text = JSON.stringify(body, null, 1).replaceAll('\n', '');
  const toRequest = (key: string) => ({
    headers: { 'content-type': 'application/json' },
    body: `{"head":${JSON.stringify({ version: 'v1', signature: signText(text, key) })},"body":${text}}`,
  });
  return {
    delivery: createDelivery(event),
    request: toRequest(merchantKey),
    forged: toRequest(toWrong(merchantKey)),
  };
}

/** Another key of the same length. */
export function toWrong(merchantKey: string): string {
  return [...merchantKey].reverse().join('').replace(/^./, '#');
}
