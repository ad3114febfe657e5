import { uuidv7 } from '@suvidha/db';
import type { DomainEvent, EventPayload } from '@suvidha/events';

/** The event by which payments says that money came in. */
export function capturedPayment(
  billId: string,
  { amountMinor = 100_000, ...payload }: Partial<EventPayload<'payment.captured'>> = {},
): DomainEvent<'payment.captured'> {
  const paymentId = uuidv7();
  return {
    id: uuidv7(),
    type: 'payment.captured',
    schemaVersion: 1,
    aggregateType: 'payment',
    aggregateId: paymentId,
    version: 3,
    occurredAt: new Date().toISOString(),
    payload: {
      paymentId,
      payable: { type: 'BILL', id: billId },
      installmentId: `${billId}:0`,
      payer: `user:${uuidv7()}`,
      amountMinor,
      currency: 'INR',
      ...payload,
    },
  };
}
