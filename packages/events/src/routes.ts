import type { DomainEvent, EventPayload } from './event.ts';
import { findPayingUser } from './payer.ts';

const payableOwners = { BILL: 'billing', ORDER: 'commerce', SERVICE_PURCHASE: 'billing' } as const;

/** The subgraphs besides identity that know something of people, and so answer exports and erasures. */
export const personalDataHolders = ['kyc', 'billing', 'commerce', 'payments'] as const;

/** The subgraphs that must learn of an event, each by a durable job of its own. */
export function consumersOf(event: Pick<DomainEvent, 'type' | 'payload'>): readonly string[] {
  switch (event.type) {
    case 'payment.captured':
    case 'refund.processed':
      return [payableOwners[(event.payload as EventPayload<'payment.captured'>).payable.type]];
    case 'receipt.issued':
      return findPayingUser((event.payload as EventPayload<'receipt.issued'>).payer) ? ['identity'] : [];
    case 'payable.settled':
    case 'payable.rejected':
    case 'payable.refund_requested':
      return ['payments'];
    case 'user.export_requested':
    case 'user.erasure_requested':
      return personalDataHolders;
    case 'export.part_ready':
    case 'erasure.completed':
      return ['identity'];
    default:
      return [];
  }
}
