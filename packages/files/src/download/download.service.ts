import type { SqlClient } from '@suvidha/db';
import { FileError } from '../file.error.ts';
import { findFile, listStoredIds } from '../file.queries.ts';
import { type FileRow, type StoredFile, toStoredFile } from '../file.record.ts';
import type { Disposition, UrlSigner } from '../url-signer.ts';
import type { ContentReader } from './content-reader.ts';

export interface OpenedFile {
  readonly file: StoredFile;
  /** Fails before its last bytes when the content is not what was received. */
  readonly content: AsyncIterable<Buffer>;
}

export interface DownloadParts {
  readonly sql: SqlClient;
  readonly reader: ContentReader;
  readonly urls: UrlSigner;
  readonly now: () => Date;
}

const defaultLifetimeMs = 5 * 60_000;

/** Gives out stored files. Who may have which is for the caller to know. */
export class DownloadService {
  readonly #parts: DownloadParts;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
  }

  async find(fileId: string): Promise<StoredFile | null> {
    const row = await this.#findStored(fileId);
    return row && toStoredFile(row);
  }

  /** Files of a subject that can be read, oldest first: for its export. */
  async list(subject: string): Promise<StoredFile[]> {
    const ids = await listStoredIds(this.#parts.sql, subject);
    const files = await Promise.all(ids.map((id) => this.find(id)));
    return files.filter((file) => file !== null);
  }

  /** @throws FileError `FILE_NOT_FOUND`, `FILE_CORRUPT`, `FILE_STORAGE_UNAVAILABLE` */
  async open(fileId: string): Promise<OpenedFile> {
    const row = await this.#findStored(fileId);
    if (!row?.objectId) throw new FileError('FILE_NOT_FOUND');
    const file = toStoredFile(row);
    const content = await this.#parts.reader.open({
      ...file,
      fileId,
      keyId: row.keyId,
      objectId: row.objectId,
    });
    return { file, content };
  }

  /** An address that gives the file to whoever has it, until it expires. Asks nobody whether the file is there. */
  createUrl(
    fileId: string,
    { disposition = 'attachment', lifetimeMs = defaultLifetimeMs }: DownloadOptions = {},
  ): { url: string; expiresAt: Date } {
    const expiresAt = new Date(this.#parts.now().getTime() + lifetimeMs);
    return { url: this.#parts.urls.sign({ action: 'download', fileId, disposition, expiresAt }), expiresAt };
  }

  async #findStored(fileId: string): Promise<FileRow | null> {
    const row = await findFile(this.#parts.sql, fileId);
    return row?.status === 'STORED' ? row : null;
  }
}

export interface DownloadOptions {
  /** Default `attachment`: saved and not shown. */
  readonly disposition?: Disposition;
  /** Default five minutes. */
  readonly lifetimeMs?: number;
}
