import { createDelivery, type QueuedEvent } from '../webhooks/delivery.ts';
import type { Entity } from './entity.ts';
import { createEventId } from './id.ts';
import { signWebhook } from './signature.ts';
import { unixNow } from './unix-time.ts';

export type WebhookEvent =
  | 'payment.authorized'
  | 'payment.captured'
  | 'payment.failed'
  | 'order.paid'
  | 'refund.created'
  | 'refund.processed'
  | 'refund.failed'
  | 'qr_code.created'
  | 'qr_code.credited'
  | 'qr_code.closed';

/** An event as it is at this moment: later changes of the entities do not show in it. */
export function createQueuedEvent(
  event: WebhookEvent,
  entities: Record<string, Entity>,
  context: { accountId: string; secret: string },
): QueuedEvent {
  const body = JSON.stringify({
    entity: 'event',
    account_id: context.accountId,
    event,
    contains: Object.keys(entities),
    payload: Object.fromEntries(Object.entries(entities).map(([name, entity]) => [name, { entity }])),
    created_at: unixNow(),
  });
  const delivery = createDelivery(event, createEventId());
  const toRequest = (secret: string) => ({
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Razorpay-Webhook/v1',
      'x-razorpay-signature': signWebhook(body, secret),
      'x-razorpay-event-id': delivery.eventId,
    },
    body,
  });
  return { delivery, request: toRequest(context.secret), forged: toRequest(`not ${context.secret}`) };
}
