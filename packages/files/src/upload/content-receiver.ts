import { type SqlClient, uuidv7 } from '@suvidha/db';
import type { Log } from '@suvidha/log';
import { Checksum } from '../content/checksum.ts';
import { ContentInspector } from '../content/content-inspector.ts';
import { type ContentObserver, observe } from '../content/content-observer.ts';
import { SizeLimit } from '../content/size-limit.ts';
import type { ContentReader } from '../download/content-reader.ts';
import { encrypt } from '../encryption/chunked-cipher.ts';
import { FileError } from '../file.error.ts';
import {
  type Attempt,
  claimUpload,
  findFile,
  type ReceivedContent,
  receiveUpload,
  rejectUpload,
  releaseUpload,
} from '../file.queries.ts';
import type { FileRow } from '../file.record.ts';
import type { DataKeys } from '../keys/data-keys.ts';
import { defaultMaxPixels, type FilePurpose } from '../purpose.ts';
import { type ContentScanner, ScanObserver, toUnavailable } from '../scanner/content-scanner.ts';
import type { ObjectStorage } from '../storage/object-storage.ts';

export interface ReceiverParts {
  readonly sql: SqlClient;
  readonly storage: ObjectStorage;
  readonly keys: DataKeys;
  readonly reader: ContentReader;
  readonly scanner: ContentScanner | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

/** How long an upload may take. An attempt that is older was cut short by a crash. */
export const uploadTimeoutMs = 10 * 60_000;
const staleAfterMs = uploadTimeoutMs + 60_000;

/** Takes contents in: checked while they pass, encrypted, stored whole or not at all. */
export class ContentReceiver {
  readonly #parts: ReceiverParts;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  /**
   * Takes the content of an upload from outside.
   * @throws FileError
   */
  receiveUpload(
    file: FileRow,
    purpose: FilePurpose,
    content: AsyncIterable<Buffer>,
  ): Promise<ReceivedContent> {
    const { scanner } = this.#parts;
    return this.#receive(file, { ...purpose, scanner }, content);
  }

  /** Takes a content that we made ourselves: it must be what its purpose allows, but nobody looks for viruses. */
  receiveOwn(file: FileRow, purpose: FilePurpose, content: AsyncIterable<Buffer>): Promise<ReceivedContent> {
    const { types, maxBytes, keyPer } = purpose;
    return this.#receive(file, { types, maxBytes, keyPer, scanner: undefined }, content);
  }

  async #receive(
    file: FileRow,
    purpose: FilePurpose & { readonly scanner: ContentScanner | undefined },
    content: AsyncIterable<Buffer>,
  ): Promise<ReceivedContent> {
    const { sql, now } = this.#parts;
    const attempt = { fileId: file.id, objectId: uuidv7() };
    await this.#claim(attempt);
    try {
      const received = await this.#store(file, attempt, purpose, content);
      const open = () => this.#parts.reader.open({ ...received, ...attempt, keyId: file.keyId });
      await purpose.inspect?.({ facts: received, open });
      // Deleted or erased meanwhile: then there is no such file.
      if (!(await receiveUpload(sql, attempt, received, now()))) throw new FileError('FILE_NOT_FOUND');
      return received;
    } catch (error) {
      await this.#giveUp(attempt, error);
      throw error;
    }
  }

  async #claim(attempt: Attempt): Promise<void> {
    const { sql } = this.#parts;
    const now = this.#parts.now();
    const staleBefore = new Date(now.getTime() - staleAfterMs);
    if (await claimUpload(sql, attempt, { now, staleBefore })) return;
    throw new FileError(toRefusal(await findFile(sql, attempt.fileId), now));
  }

  async #store(
    file: FileRow,
    { objectId }: Attempt,
    purpose: FilePurpose & { readonly scanner: ContentScanner | undefined },
    content: AsyncIterable<Buffer>,
  ): Promise<ReceivedContent> {
    const { storage, keys } = this.#parts;
    const dataKey = await keys.open(file.keyId);
    const scan = await purpose.scanner?.start().catch(toUnavailable);
    const limit = new SizeLimit(purpose.maxBytes);
    const checksum = new Checksum(file.declaredSha256);
    const inspector = new ContentInspector({
      types: purpose.types,
      declaredType: file.declaredType,
      maxPixels: purpose.maxPixels ?? defaultMaxPixels,
    });
    const observers: ContentObserver[] = [limit, inspector, checksum];
    if (scan) observers.push(new ScanObserver(scan, (finding) => this.#reportFinding(file, finding)));
    const watched = new WatchedContent(observe(content, observers));
    const signal = AbortSignal.timeout(uploadTimeoutMs);
    try {
      await storage.put(objectId, encrypt({ dataKey, fileId: file.id, objectId }, watched), { signal });
    } catch (cause) {
      if (watched.fault !== undefined) throw toContentError(watched.fault);
      throw new FileError(signal.aborted ? 'UPLOAD_INTERRUPTED' : 'FILE_STORAGE_UNAVAILABLE', cause);
    } finally {
      scan?.abort();
    }
    return { ...inspector.facts, byteLength: limit.byteLength, sha256: checksum.sha256 };
  }

  #reportFinding({ id, purpose }: FileRow, finding: string | undefined): void {
    this.#parts.log.warn({ fileId: id, purpose, finding }, 'the virus scanner refused a file');
  }

  async #giveUp(attempt: Attempt, error: unknown): Promise<void> {
    const { sql, storage, log } = this.#parts;
    if (error instanceof FileError && error.isFinal) await rejectUpload(sql, attempt, error.reason);
    else await releaseUpload(sql, attempt);
    // What stays is nobody's, and the sweep finds it.
    await storage
      .delete(attempt.objectId)
      .catch((cause: unknown) => log.warn({ error: cause }, 'the object of a failed upload is still there'));
  }
}

/** Why an upload could not be claimed. */
function toRefusal(file: FileRow | null, now: Date): FileError['reason'] {
  if (!file || file.status === 'DELETED') return 'FILE_NOT_FOUND';
  if (file.status !== 'PENDING' || file.receivedAt) return 'UPLOAD_ALREADY_USED';
  return file.uploadExpiresAt <= now ? 'FILE_URL_EXPIRED' : 'UPLOAD_IN_PROGRESS';
}

/** What is not our own judgement is a sender who went away. */
function toContentError(fault: unknown): FileError {
  return fault instanceof FileError ? fault : new FileError('UPLOAD_INTERRUPTED', fault);
}

/** Remembers why a content failed: a storage may report it in words of its own. */
class WatchedContent implements AsyncIterable<Buffer> {
  readonly #content: AsyncIterable<Buffer>;
  fault: unknown;

  constructor(content: AsyncIterable<Buffer>) {
    this.#content = content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      yield* this.#content;
    } catch (error) {
      this.fault = error;
      throw error;
    }
  }
}
