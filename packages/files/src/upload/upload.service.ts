import { type SqlClient, uuidv7 } from '@suvidha/db';
import { FileError, isFileErrorCode } from '../file.error.ts';
import {
  findFile,
  findFileId,
  insertFile,
  type NewFile,
  renewUpload,
  storeReceived,
} from '../file.queries.ts';
import { type FileRow, type StoredFile, toStoredFile } from '../file.record.ts';
import { toSafeFileName } from '../file-name.ts';
import type { DataKeys } from '../keys/data-keys.ts';
import type { FilePurpose, FilePurposes } from '../purpose.ts';
import type { UrlSigner } from '../url-signer.ts';
import type { ContentReceiver } from './content-receiver.ts';

export interface NewContent<Purpose extends string = string> {
  readonly purpose: Purpose;
  /** Whose file it is, such as `user:<id>`. Erasing the subject erases the file. */
  readonly subject: string;
  /** The same subject, purpose and key give the same file, however often it is asked for. */
  readonly idempotencyKey: string;
  /** Name for whoever downloads it. Default: none. */
  readonly fileName?: string | null;
}

export interface NewUpload<Purpose extends string = string> extends NewContent<Purpose> {
  /** What the uploader says it is. Default: whatever the purpose allows. */
  readonly contentType?: string | null;
  /** Of the content, in hex. Default: unknown. */
  readonly sha256?: string | null;
  /** Default: unknown. */
  readonly byteLength?: number | null;
}

/** Where and how to send a content. */
export interface Upload {
  readonly fileId: string;
  /** Takes one content by one HTTP PUT, whatever the headers say it is. */
  readonly url: string;
  readonly method: 'PUT';
  readonly expiresAt: Date;
  readonly maxBytes: number;
  readonly types: FilePurpose['types'];
}

export interface UploadParts {
  readonly sql: SqlClient;
  readonly keys: DataKeys;
  readonly receiver: ContentReceiver;
  readonly urls: UrlSigner;
  readonly purposes: FilePurposes;
  readonly now: () => Date;
}

const uploadLifetimeMs = 15 * 60_000;
/** A content of our own may come as late as the last attempt of the job that makes it. */
const ownLifetimeMs = 30 * 86_400_000;

/** From the wish to have a file to the file. */
export class UploadService {
  readonly #parts: UploadParts;

  constructor(parts: UploadParts) {
    this.#parts = parts;
  }

  /** @throws FileError when what is announced is not taken, or the key was used for something else */
  async create(upload: NewUpload): Promise<Upload> {
    const { types, maxBytes } = this.#purposeOf(upload.purpose);
    if (upload.contentType && !types.some((type) => type === upload.contentType)) {
      throw new FileError('FILE_TYPE_NOT_ALLOWED');
    }
    if ((upload.byteLength ?? 0) > maxBytes) throw new FileError('FILE_TOO_LARGE');
    const file = await this.#getOrCreate(upload, uploadLifetimeMs);
    const url = this.#parts.urls.sign({ action: 'upload', fileId: file.id, expiresAt: file.uploadExpiresAt });
    return { fileId: file.id, url, method: 'PUT', expiresAt: file.uploadExpiresAt, maxBytes, types };
  }

  /** Takes what was sent to an upload's address. @throws FileError */
  async receive(fileId: string, content: AsyncIterable<Buffer>) {
    const file = await findFile(this.#parts.sql, fileId);
    if (!file) throw new FileError('FILE_NOT_FOUND');
    return this.#parts.receiver.receiveUpload(file, this.#purposeOf(file.purpose), content);
  }

  /**
   * Makes a received file readable, in the caller's transaction. Again for a stored one it changes nothing.
   * @throws FileError `FILE_NOT_FOUND`, `UPLOAD_NOT_RECEIVED`, or why the content was rejected
   */
  async complete(
    tx: SqlClient,
    { fileId, subject, purpose }: { fileId: string; subject: string; purpose: string },
  ): Promise<StoredFile> {
    const known = await findFile(tx, fileId);
    if (known?.subject !== subject || known.purpose !== purpose) throw new FileError('FILE_NOT_FOUND');
    return this.#finish(tx, fileId);
  }

  /** Stores a content that we made ourselves. @throws FileError */
  async store(content: NewContent, bytes: AsyncIterable<Buffer>): Promise<StoredFile> {
    const { sql, receiver } = this.#parts;
    const file = await this.#getOrCreate(content, ownLifetimeMs);
    if (file.status === 'PENDING' && !file.receivedAt) {
      await receiver.receiveOwn(file, this.#purposeOf(file.purpose), bytes);
    }
    return this.#finish(sql, file.id);
  }

  async #finish(sql: SqlClient, fileId: string): Promise<StoredFile> {
    await storeReceived(sql, fileId);
    const file = await findFile(sql, fileId);
    if (file?.status === 'STORED') return toStoredFile(file);
    if (file?.status === 'PENDING') throw new FileError('UPLOAD_NOT_RECEIVED');
    throw new FileError(file && isFileErrorCode(file.rejectedFor) ? file.rejectedFor : 'FILE_NOT_FOUND');
  }

  async #getOrCreate(content: NewContent | NewUpload, lifetimeMs: number): Promise<FileRow> {
    const { sql } = this.#parts;
    const now = this.#parts.now();
    const expiresAt = new Date(now.getTime() + lifetimeMs);
    if ((await findFileId(sql, content)) === null)
      await insertFile(sql, await this.#toNewFile(content, expiresAt));
    const id = await findFileId(sql, content);
    if (id !== null) await renewUpload(sql, id, { now, expiresAt });
    const file = id === null ? null : await findFile(sql, id);
    if (!file || file.status === 'DELETED') throw new FileError('FILE_NOT_FOUND');
    const { contentType, sha256 } = toDeclaration(content);
    const isSame = file.declaredType === contentType && file.declaredSha256 === sha256;
    if (!isSame) throw new FileError('UPLOAD_KEY_REUSED');
    return file;
  }

  async #toNewFile(content: NewContent | NewUpload, uploadExpiresAt: Date): Promise<NewFile> {
    const { purpose, subject, idempotencyKey, fileName } = content;
    const { contentType, sha256 } = toDeclaration(content);
    const id = uuidv7();
    const scope =
      this.#purposeOf(purpose).keyPer === 'file' ? (`file:${id}` as const) : (`subject:${subject}` as const);
    return {
      id,
      purpose,
      subject,
      idempotencyKey,
      keyId: await this.#parts.keys.getOrCreate({ scope, subject }),
      fileName: fileName ? toSafeFileName(fileName) : null,
      declaredType: contentType,
      declaredSha256: sha256,
      uploadExpiresAt,
    };
  }

  /** @throws TypeError when the subgraph has no such purpose */
  #purposeOf(name: string): FilePurpose {
    const purpose = this.#parts.purposes[name];
    if (!purpose) throw new TypeError('files have no such purpose here');
    return purpose;
  }
}

const sha256Hex = /^[\da-f]{64}$/;

/** @throws FileError `FILE_CHECKSUM_MISMATCH` when the checksum cannot be that of anything */
function toDeclaration(content: NewContent | NewUpload): {
  contentType: string | null;
  sha256: string | null;
} {
  if (!('sha256' in content || 'contentType' in content)) return { contentType: null, sha256: null };
  const { contentType = null, sha256 } = content;
  const lower = sha256?.toLowerCase() ?? null;
  if (lower !== null && !sha256Hex.test(lower)) throw new FileError('FILE_CHECKSUM_MISMATCH');
  return { contentType, sha256: lower };
}
