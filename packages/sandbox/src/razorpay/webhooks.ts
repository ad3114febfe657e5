import { DeliveryQueue, type DeliveryQueueParts } from '../webhooks/delivery.queue.ts';
import type { Entity } from './entity.ts';
import { createQueuedEvent, type WebhookEvent } from './webhook.event.ts';

/** Razorpay's webhooks to one merchant. */
export class Webhooks extends DeliveryQueue {
  readonly accountId: string;
  /** Signs what happens from now on. */
  secret: string;

  constructor(parts: Omit<DeliveryQueueParts, 'call'> & { accountId: string; secret: string }) {
    super({ ...parts, call: 'razorpay.send-webhook' });
    this.accountId = parts.accountId;
    this.secret = parts.secret;
  }

  /** Queues an event; the entities are shown to the merchant as they are now. */
  emit(event: WebhookEvent, entities: Record<string, Entity>): void {
    this.enqueue(createQueuedEvent(event, entities, this));
  }
}
