import { randomBytes } from 'node:crypto';

/** One event on its way to the merchant. */
export interface Delivery {
  /** The same on every attempt. */
  eventId: string;
  event: string;
  /** `lost`: a scenario swallowed it; `expired`: 24 hours of attempts failed; `unsubscribed`: nobody to send it to. */
  state: 'pending' | 'delivered' | 'lost' | 'expired' | 'unsubscribed';
  attempts: number;
  /** How many attempts were answered 2xx: more than 1 when a scenario sends it twice. */
  accepted: number;
  /** HTTP status of the last answer; null when there was none. */
  lastStatus: number | null;
  createdAt: string;
}

/** What is sent to the merchant. */
export interface DeliveryRequest {
  headers: Record<string, string>;
  body: string;
}

/** A delivery with what is sent: as it was when the event happened, so a rotated secret does not sign it anew. */
export interface QueuedEvent {
  delivery: Delivery;
  request: DeliveryRequest;
  /** The same with a signature that does not hold, for a `bad-signature` scenario. */
  forged: DeliveryRequest;
}

/** A delivery that nobody has tried yet. */
export function createDelivery(event: string, eventId = randomBytes(7).toString('hex')): Delivery {
  return {
    eventId,
    event,
    state: 'pending',
    attempts: 0,
    accepted: 0,
    lastStatus: null,
    createdAt: new Date().toISOString(),
  };
}
