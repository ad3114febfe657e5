import { z } from 'zod';

const payable = z.object({ type: z.enum(['BILL', 'ORDER', 'SERVICE_PURCHASE']), id: z.uuid() });
const amount = { amountMinor: z.number().int().positive(), currency: z.string().length(3) };

/** The state of a payment after the event: enough to push it to a subscriber without a query. */
const paymentSnapshot = z.object({
  paymentId: z.uuid(),
  payable,
  installmentId: z.string(),
  payer: z.string(),
  ...amount,
  gateway: z.string(),
  status: z.string(),
  previousStatus: z.string().nullable(),
  settlement: z.enum(['PENDING', 'SETTLED', 'REJECTED']),
  checkoutUrl: z.string().nullable(),
  createdAt: z.iso.datetime(),
});

/** The shapes of all events, by type. Events are forever: a shape only ever grows optional fields. */
export const eventPayloads = {
  'user.registered': z.object({ userId: z.uuid() }),
  'bill.generated': z.object({ billId: z.uuid(), userId: z.uuid() }),
  'bill.paid': z.object({ billId: z.uuid(), userId: z.uuid(), paymentId: z.uuid() }),
  'payment.status_changed': paymentSnapshot,
  'payment.captured': z.object({
    paymentId: z.uuid(),
    payable,
    installmentId: z.string(),
    payer: z.string(),
    ...amount,
  }),
  'payable.settled': z.object({ paymentId: z.uuid(), payable, ...amount }),
  'payable.rejected': z.object({
    paymentId: z.uuid(),
    payable,
    ...amount,
    reason: z.enum(['ALREADY_PAID', 'NOT_PAYABLE', 'AMOUNT_DIFFERS']),
  }),
} as const;
