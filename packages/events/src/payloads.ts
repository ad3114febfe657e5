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
  checkout: z.enum(['HOSTED_PAGE', 'UPI_QR']).optional(),
  /** The counter or kiosk that shows the QR code. */
  counterId: z.string().nullish(),
  /** The QR code that may be scanned. */
  qrCode: z
    .object({ upiUri: z.string().nullable(), imageUrl: z.string(), expiresAt: z.iso.datetime() })
    .nullish(),
  createdAt: z.iso.datetime(),
  refundedMinor: z.number().int().nonnegative().optional(),
  /** The gateway's word for the last failure. */
  failureCode: z.string().nullish(),
  capturedAt: z.iso.datetime().nullish(),
});

/** The state of a refund after the event. */
const refundSnapshot = z.object({
  refundId: z.uuid(),
  paymentId: z.uuid(),
  payable,
  installmentId: z.string(),
  payer: z.string(),
  ...amount,
  status: z.enum(['CREATED', 'PENDING', 'PROCESSED', 'FAILED', 'UNKNOWN']),
  previousStatus: z.string().nullable(),
  reason: z.string(),
  /** Who wanted it. `STAFF`: the owner of the payable does not know of it yet. */
  cause: z.enum(['REJECTED', 'SUPERSEDED', 'OWNER', 'STAFF']),
  createdAt: z.iso.datetime(),
});

/** The shapes of all events, by type. Events are forever: a shape only ever grows optional fields. */
export const eventPayloads = {
  'user.registered': z.object({ userId: z.uuid() }),
  'user.updated': z.object({ userId: z.uuid(), changed: z.array(z.string()) }),
  'user.deleted': z.object({ userId: z.uuid() }),
  'user.export_requested': z.object({ userId: z.uuid(), exportId: z.uuid() }),
  /** A piece of the JSON text of what one subgraph knows of a person. */
  'export.part_ready': z.object({
    userId: z.uuid(),
    exportId: z.uuid(),
    subgraph: z.string(),
    piece: z.number().int().nonnegative(),
    pieces: z.number().int().positive(),
    text: z.string(),
  }),
  'user.erasure_requested': z.object({
    userId: z.uuid(),
    erasureId: z.uuid(),
    /** Takes the place of the user's id in what must be kept. */
    pseudonym: z.uuid(),
  }),
  'erasure.completed': z.object({ userId: z.uuid(), erasureId: z.uuid(), subgraph: z.string() }),
  'session.revoked': z.object({
    userId: z.uuid(),
    sessionIds: z.array(z.uuid()),
    /** Access tokens of this person that were issued before are void. Null: only those of the sessions. */
    notBefore: z.iso.datetime().nullable(),
    reason: z.string(),
  }),
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
  'refund.status_changed': refundSnapshot,
  'refund.processed': refundSnapshot,
  /** Proof of money that was taken or given back. */
  'receipt.issued': z.object({
    receiptId: z.uuid(),
    number: z.string(),
    paymentId: z.uuid(),
    /** Null: the receipt is the payment's own. */
    refundId: z.uuid().nullable(),
    payable,
    /** What its payer calls the payable, such as the number of a bill. Absent: nobody said. */
    payableNumber: z.string().optional(),
    payer: z.string(),
    ...amount,
    /** When the money was taken, or was back. */
    movedAt: z.iso.datetime(),
    /** Leads whoever has it to the receipt as PDF, until it expires. */
    url: z.url(),
    urlExpiresAt: z.iso.datetime(),
  }),
  'payable.settled': z.object({
    paymentId: z.uuid(),
    payable,
    ...amount,
    /** The part of the amount that was more than was owed and became credit. Absent: none. */
    creditedMinor: z.number().int().nonnegative().optional(),
  }),
  'payable.rejected': z.object({
    paymentId: z.uuid(),
    payable,
    ...amount,
    reason: z.enum(['ALREADY_PAID', 'NOT_PAYABLE', 'AMOUNT_DIFFERS']),
  }),
  'payable.refund_requested': z.object({
    payable,
    ...amount,
    /** Why, in the owner's words. */
    reason: z.string(),
    /** Made by the owner: the same key never gives money back twice. */
    key: z.string(),
  }),
} as const;
