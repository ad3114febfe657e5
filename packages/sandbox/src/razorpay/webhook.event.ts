import { unixNow } from './account.ts';
import type { Entity } from './entity.ts';
import { createEventId } from './id.ts';
import { signWebhook } from './signature.ts';

export type WebhookEvent =
  | 'payment.authorized'
  | 'payment.captured'
  | 'payment.failed'
  | 'order.paid'
  | 'refund.created'
  | 'refund.processed'
  | 'refund.failed';

/** Where the merchant wants its events; a null url sends none. */
export interface Subscription {
  url: string | null;
  secret: string;
}

/** One event on its way to the merchant. */
export interface Delivery {
  /** `x-razorpay-event-id`: the same on every attempt. */
  eventId: string;
  event: WebhookEvent;
  /** `lost`: a scenario swallowed it; `expired`: 24 hours of attempts failed; `unsubscribed`: nobody to send it to. */
  state: 'pending' | 'delivered' | 'lost' | 'expired' | 'unsubscribed';
  attempts: number;
  /** How many attempts were answered 2xx: more than 1 when a scenario sends it twice. */
  accepted: number;
  /** HTTP status of the last answer; null when there was none. */
  lastStatus: number | null;
  createdAt: string;
}

/** A delivery with what is sent. */
export interface QueuedEvent {
  delivery: Delivery;
  body: string;
  /** Made when the event happened: a rotated secret does not sign older events anew. */
  signature: string;
}

/** An event as it is at this moment: later changes of the entities do not show in it. */
export function createQueuedEvent(
  event: WebhookEvent,
  entities: Record<string, Entity>,
  context: { accountId: string; subscription: Subscription },
): QueuedEvent {
  const { accountId, subscription } = context;
  const body = JSON.stringify({
    entity: 'event',
    account_id: accountId,
    event,
    contains: Object.keys(entities),
    payload: Object.fromEntries(Object.entries(entities).map(([name, entity]) => [name, { entity }])),
    created_at: unixNow(),
  });
  const delivery: Delivery = {
    eventId: createEventId(),
    event,
    state: subscription.url === null ? 'unsubscribed' : 'pending',
    attempts: 0,
    accepted: 0,
    lastStatus: null,
    createdAt: new Date().toISOString(),
  };
  return { delivery, body, signature: signWebhook(body, subscription.secret) };
}
