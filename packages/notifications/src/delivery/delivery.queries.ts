import type { SqlClient } from '@suvidha/db';
import type { VendorName } from '../vendor/vendor.ts';
import type { Delivery, DeliveryStatus } from './delivery.ts';

/** Identifies one attempt: whoever holds an older one changes nothing any more. */
export type Attempt = Pick<Delivery, 'id' | 'attempts'>;

export interface NewDelivery
  extends Pick<
    Delivery,
    'id' | 'userId' | 'channel' | 'template' | 'locale' | 'destinationHash' | 'expiresAt'
  > {
  readonly cause: string;
  readonly maskedDestination: string;
  readonly sealedContent: string;
  readonly createdAt: Date;
}

/** Answers false when this cause has had its message already. */
export async function insertDelivery(tx: SqlClient, row: NewDelivery): Promise<boolean> {
  const inserted = await tx.$executeRaw`insert into notification_delivery
    (id, cause, user_id, channel, template, locale, masked_destination, destination_hash, sealed_content,
      created_at, queued_at, expires_at)
    values (${row.id}::uuid, ${row.cause}, ${row.userId}::uuid, ${row.channel}::"NotificationChannel",
      ${row.template}, ${row.locale}, ${row.maskedDestination}, ${row.destinationHash}, ${row.sealedContent},
      ${row.createdAt}::timestamptz, ${row.createdAt}::timestamptz, ${row.expiresAt}::timestamptz)
    on conflict do nothing`;
  return inserted === 1;
}

export async function findDelivery(db: SqlClient, id: string): Promise<Delivery | null> {
  const [row] = await db.$queryRaw<Delivery[]>`select id::text, user_id::text as "userId",
      channel::text as channel, template, locale, destination_hash as "destinationHash",
      sealed_content as "sealedContent", status::text as status, reason, vendor, attempts,
      unknown_outcomes as "unknownOutcomes", attempted_at as "attemptedAt", queued_at as "queuedAt",
      expires_at as "expiresAt"
    from notification_delivery where id = ${id}::uuid`;
  return row ?? null;
}

/** Records that a vendor is about to be called. Answers the attempt, or null when somebody else was faster. */
export async function beginAttempt(
  tx: SqlClient,
  { id, attempts }: Attempt,
  { vendor, now }: { readonly vendor: VendorName; readonly now: Date },
): Promise<Attempt | null> {
  const begun = await tx.$executeRaw`update notification_delivery
    set status = 'SENDING', attempts = attempts + 1, vendor = ${vendor}, attempted_at = ${now}::timestamptz
    where id = ${id}::uuid and attempts = ${attempts}::int and status = 'QUEUED'`;
  return begun === 1 ? { id, attempts: attempts + 1 } : null;
}

/** The vendor has it. An id that another delivery has already is not stored a second time. */
export async function recordSent(
  db: SqlClient,
  { id, attempts }: Attempt,
  { messageId, now }: { readonly messageId: string; readonly now: Date },
): Promise<void> {
  await db.$executeRaw`update notification_delivery as delivery
    set status = 'SENT', reason = null, sealed_content = null, finished_at = ${now}::timestamptz,
      vendor_message_id = case when exists (select from notification_delivery as other
        where other.vendor = delivery.vendor and other.vendor_message_id = ${messageId}) then null
        else ${messageId} end
    where id = ${id}::uuid and attempts = ${attempts}::int and status = 'SENDING'`;
}

/** The vendor certainly did not send it: back into the queue. */
export async function recordNotSent(db: SqlClient, { id, attempts }: Attempt, reason: string): Promise<void> {
  await db.$executeRaw`update notification_delivery set status = 'QUEUED', reason = ${reason}
    where id = ${id}::uuid and attempts = ${attempts}::int and status = 'SENDING'`;
}

/** Nobody will ever know what became of the last attempt: back into the queue, and counted. */
export async function recordUnknown(db: SqlClient, { id, attempts }: Attempt, reason: string): Promise<void> {
  await db.$executeRaw`update notification_delivery
    set status = 'QUEUED', unknown_outcomes = unknown_outcomes + 1, reason = ${reason}
    where id = ${id}::uuid and attempts = ${attempts}::int and status = 'SENDING'`;
}

export interface Ending {
  readonly status: Extract<DeliveryStatus, 'FAILED' | 'DEAD' | 'EXPIRED' | 'SUPPRESSED'>;
  readonly reason: string;
  readonly now: Date;
}

/** Ends a delivery that was not sent. Only a dead one keeps its content, to be replayed. */
export async function recordEnding(
  db: SqlClient,
  { id, attempts }: Attempt,
  { status, reason, now }: Ending,
): Promise<void> {
  await db.$executeRaw`update notification_delivery
    set status = ${status}::"NotificationStatus", reason = ${reason}, finished_at = ${now}::timestamptz,
      sealed_content = case when ${status} = 'DEAD' then sealed_content end
    where id = ${id}::uuid and attempts = ${attempts}::int and status in ('QUEUED', 'SENDING')`;
}

/** Which of a vendor's message ids belong to deliveries already. */
export async function findClaimed(
  db: SqlClient,
  vendor: VendorName,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`select vendor_message_id as id from notification_delivery
    where vendor = ${vendor} and vendor_message_id = any(${messageIds}::text[])`;
  return new Set(rows.map(({ id }) => id));
}

/** Puts a dead delivery back into the queue. Answers whether it was dead, with something left to send. */
export async function requeueDead(tx: SqlClient, id: string, now: Date): Promise<boolean> {
  const requeued = await tx.$executeRaw`update notification_delivery
    set status = 'QUEUED', queued_at = ${now}::timestamptz, unknown_outcomes = 0, finished_at = null
    where id = ${id}::uuid and status = 'DEAD' and sealed_content is not null`;
  return requeued === 1;
}
