import type { DomainEvent, EventPayload } from './event.ts';

const payableOwners = { BILL: 'billing', ORDER: 'commerce', SERVICE_PURCHASE: 'billing' } as const;

/** The subgraphs that must learn of an event, each by a durable job of its own. */
export function consumersOf(event: Pick<DomainEvent, 'type' | 'payload'>): readonly string[] {
  switch (event.type) {
    case 'payment.captured':
      return [payableOwners[(event.payload as EventPayload<'payment.captured'>).payable.type]];
    case 'payable.settled':
    case 'payable.rejected':
      return ['payments'];
    default:
      return [];
  }
}
