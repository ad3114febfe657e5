import { isUuid, type SqlClient } from '@suvidha/db';
import type { ContentFacts } from './content/content-inspector.ts';
import type { FileErrorCode } from './file.error.ts';
import type { FileRow } from './file.record.ts';

export interface NewFile {
  readonly id: string;
  readonly purpose: string;
  readonly subject: string;
  readonly idempotencyKey: string;
  readonly keyId: string;
  readonly fileName: string | null;
  readonly declaredType: string | null;
  readonly declaredSha256: string | null;
  readonly uploadExpiresAt: Date;
}

/** An attempt to upload, as it stands in the row while it has the upload for itself. */
export interface Attempt {
  readonly fileId: string;
  readonly objectId: string;
}

/** Inserts unless the subject has used the key for this purpose before. */
export async function insertFile(sql: SqlClient, file: NewFile): Promise<void> {
  await sql.$executeRaw`insert into file (id, purpose, subject, idempotency_key, key_id, file_name, declared_type,
      declared_sha256, upload_expires_at)
    values (${file.id}::uuid, ${file.purpose}, ${file.subject}, ${file.idempotencyKey}, ${file.keyId}::uuid,
      ${file.fileName}, ${file.declaredType}, ${file.declaredSha256}, ${file.uploadExpiresAt}::timestamptz)
    on conflict do nothing`;
}

/** @param id may come from outside */
export async function findFile(sql: SqlClient, id: string): Promise<FileRow | null> {
  if (!isUuid(id)) return null;
  const rows = await sql.$queryRaw<FileRow[]>`select id, purpose, subject, key_id as "keyId", status::text,
      file_name as "fileName", declared_type as "declaredType", declared_sha256 as "declaredSha256",
      object_id as "objectId", content_type as "contentType", byte_length as "byteLength", sha256, width, height,
      rejected_for as "rejectedFor", upload_expires_at as "uploadExpiresAt",
      received_at as "receivedAt", stored_at as "storedAt"
    from file where id = ${id}::uuid`;
  return rows[0] ?? null;
}

export async function findFileId(
  sql: SqlClient,
  { subject, purpose, idempotencyKey }: { subject: string; purpose: string; idempotencyKey: string },
): Promise<string | null> {
  const rows = await sql.$queryRaw<{ id: string }[]>`select id from file
    where subject = ${subject} and purpose = ${purpose} and idempotency_key = ${idempotencyKey}`;
  return rows[0]?.id ?? null;
}

/** Ids of the files of a subject that can be read, oldest first. */
export async function listStoredIds(sql: SqlClient, subject: string): Promise<string[]> {
  const rows = await sql.$queryRaw<{ id: string }[]>`select id from file
    where subject = ${subject} and status = 'STORED' order by id`;
  return rows.map(({ id }) => id);
}

/** Gives an upload that has expired without a content more time. */
export async function renewUpload(
  sql: SqlClient,
  id: string,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await sql.$executeRaw`update file set upload_expires_at = ${expiresAt}::timestamptz
    where id = ${id}::uuid and status = 'PENDING' and received_at is null
      and upload_expires_at <= ${now}::timestamptz`;
}

/**
 * Takes the upload for one attempt: of two at once one gets it. An attempt that began before `staleBefore` is dead.
 * @returns whether it was taken
 */
export async function claimUpload(
  sql: SqlClient,
  { fileId, objectId }: Attempt,
  { now, staleBefore }: { now: Date; staleBefore: Date },
): Promise<boolean> {
  const count = await sql.$executeRaw`update file
    set object_id = ${objectId}::uuid, upload_started_at = ${now}::timestamptz
    where id = ${fileId}::uuid and status = 'PENDING' and received_at is null
      and upload_expires_at > ${now}::timestamptz
      and (upload_started_at is null or upload_started_at < ${staleBefore}::timestamptz)`;
  return count === 1;
}

/** Gives the upload back after an attempt that failed for no fault of the content. */
export async function releaseUpload(sql: SqlClient, { fileId, objectId }: Attempt): Promise<void> {
  await sql.$executeRaw`update file set object_id = null, upload_started_at = null
    where id = ${fileId}::uuid and object_id = ${objectId}::uuid and status = 'PENDING' and received_at is null`;
}

/** Ends the upload: its content is not taken. */
export async function rejectUpload(
  sql: SqlClient,
  { fileId, objectId }: Attempt,
  reason: FileErrorCode,
): Promise<void> {
  await sql.$executeRaw`update file set status = 'REJECTED', rejected_for = ${reason}, object_id = null
    where id = ${fileId}::uuid and object_id = ${objectId}::uuid and status = 'PENDING' and received_at is null`;
}

export interface ReceivedContent extends ContentFacts {
  readonly byteLength: number;
  readonly sha256: string;
}

/** @returns whether the attempt still had the upload: otherwise its object belongs to nobody */
export async function receiveUpload(
  sql: SqlClient,
  { fileId, objectId }: Attempt,
  { contentType, size, byteLength, sha256 }: ReceivedContent,
  now: Date,
): Promise<boolean> {
  const count =
    await sql.$executeRaw`update file set received_at = ${now}::timestamptz, content_type = ${contentType},
      byte_length = ${byteLength}::int, sha256 = ${sha256}, width = ${size?.width ?? null}::int,
      height = ${size?.height ?? null}::int
    where id = ${fileId}::uuid and object_id = ${objectId}::uuid and status = 'PENDING' and received_at is null`;
  return count === 1;
}

/** Makes a received file readable. Nothing changes when it is so already, or cannot be. */
export async function storeReceived(sql: SqlClient, id: string): Promise<void> {
  await sql.$executeRaw`update file set status = 'STORED', stored_at = now()
    where id = ${id}::uuid and status = 'PENDING' and received_at is not null`;
}

/** What says something about the content goes too: only that there was a file remains. */
export async function deleteFileRow(sql: SqlClient, id: string): Promise<void> {
  await sql.$executeRaw`update file set status = 'DELETED', deleted_at = now(), file_name = null, sha256 = null,
      declared_sha256 = null
    where id = ${id}::uuid and status <> 'DELETED'`;
}

export async function deleteFileRowsOf(sql: SqlClient, subject: string): Promise<void> {
  await sql.$executeRaw`update file set status = 'DELETED', deleted_at = now(), file_name = null, sha256 = null,
      declared_sha256 = null
    where subject = ${subject} and status <> 'DELETED'`;
}

/** Deletes uploads that can no longer be completed. Their idempotency keys may be used again. */
export async function deleteAbandoned(
  sql: SqlClient,
  { unreceivedBefore, receivedBefore }: { unreceivedBefore: Date; receivedBefore: Date },
): Promise<number> {
  return sql.$executeRaw`update file set status = 'DELETED', deleted_at = now(), file_name = null, sha256 = null,
      declared_sha256 = null, idempotency_key = null
    where status = 'PENDING' and ((received_at is null and upload_expires_at < ${unreceivedBefore}::timestamptz)
      or received_at < ${receivedBefore}::timestamptz)`;
}

/** Deleted files whose objects may still be there; at most `limit`. */
export function findUnpurged(sql: SqlClient, limit: number): Promise<Attempt[]> {
  return sql.$queryRaw`select id as "fileId", object_id as "objectId" from file
    where status = 'DELETED' and object_id is not null order by id limit ${limit}::int`;
}

export async function markPurged(sql: SqlClient, { fileId, objectId }: Attempt): Promise<void> {
  await sql.$executeRaw`update file set object_id = null
    where id = ${fileId}::uuid and object_id = ${objectId}::uuid and status = 'DELETED'`;
}

/** Which of these objects belong to a file. */
export async function findOwned(sql: SqlClient, objectIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql.$queryRaw<{ objectId: string }[]>`select object_id as "objectId" from file
    where object_id = any(${objectIds}::uuid[])`;
  return new Set(rows.map(({ objectId }) => objectId));
}
