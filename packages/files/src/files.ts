import type { SqlClient } from '@suvidha/db';
import type { JobHandlers } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import type { FastifyPluginAsync } from 'fastify';
import { ContentReader } from './download/content-reader.ts';
import { type DownloadOptions, DownloadService, type OpenedFile } from './download/download.service.ts';
import { deleteFileRow, deleteFileRowsOf } from './file.queries.ts';
import type { StoredFile } from './file.record.ts';
import { createFileRoutes } from './http/file.routes.ts';
import { addPurgeJob, createFileJobs, startFileJobs } from './jobs/file.jobs.ts';
import { FileSweeper } from './jobs/file-sweeper.ts';
import { DataKeys, destroyKeyOfFile, destroyKeysOfSubject } from './keys/data-keys.ts';
import type { MasterKeys } from './keys/master-keys.ts';
import type { FilePurposes } from './purpose.ts';
import type { ContentScanner } from './scanner/content-scanner.ts';
import type { ObjectStorage } from './storage/object-storage.ts';
import { ContentReceiver } from './upload/content-receiver.ts';
import { type NewContent, type NewUpload, type Upload, UploadService } from './upload/upload.service.ts';
import { UrlSigner, type UrlSignerOptions } from './url-signer.ts';

/** The files of a subgraph. Its database holds the tables of `prisma/files.prisma`. */
export interface Files<Purpose extends string = string> {
  /**
   * Asks for a place to upload to. The same subject, purpose and idempotency key give the same one, with more time when
   * that had run out.
   * @throws FileError `FILE_TYPE_NOT_ALLOWED`, `FILE_TOO_LARGE`, `UPLOAD_KEY_REUSED`
   */
  createUpload(upload: NewUpload<Purpose>): Promise<Upload>;
  /**
   * Makes an uploaded file readable, in the caller's transaction. Again it answers the same.
   * @throws FileError `FILE_NOT_FOUND`, `UPLOAD_NOT_RECEIVED`, or the code for which its content was rejected
   */
  completeUpload(
    tx: SqlClient,
    upload: { readonly fileId: string; readonly subject: string; readonly purpose: Purpose },
  ): Promise<StoredFile>;
  /** Stores a content that the subgraph made itself, such as a receipt. Again with the same key it answers the same. */
  store(
    content: NewContent<Purpose> & { readonly bytes: Buffer | AsyncIterable<Buffer> },
  ): Promise<StoredFile>;
  /** A file that can be read; null for any other. Who may read it is for the caller to know. */
  find(fileId: string): Promise<StoredFile | null>;
  /** The readable files of a subject, oldest first. */
  list(subject: string): Promise<StoredFile[]>;
  /** @throws FileError `FILE_NOT_FOUND`, `FILE_CORRUPT`, `FILE_STORAGE_UNAVAILABLE` */
  open(fileId: string): Promise<OpenedFile>;
  /** An address that gives the file to whoever has it, until it expires. */
  createDownloadUrl(fileId: string, options?: DownloadOptions): { url: string; expiresAt: Date };
  /** Deletes a file, in the caller's transaction: from then on it cannot be read; its object goes soon after. */
  deleteFile(tx: SqlClient, fileId: string): Promise<void>;
  /** Erases all files of a subject by destroying their keys, in the caller's transaction. */
  eraseSubject(tx: SqlClient, subject: string): Promise<void>;
  readonly routes: FastifyPluginAsync;
  readonly jobs: JobHandlers;
  /** Adds the jobs that keep files tidy. Called at each start of a process, once its database is migrated. */
  start(): Promise<void>;
  /** Whether the storage can be reached. */
  isReachable(): Promise<boolean>;
  /** Ends the connections to the storage. */
  close(): void;
}

export interface FilesOptions<Purpose extends string> {
  readonly sql: SqlClient;
  readonly storage: ObjectStorage;
  readonly masterKeys: MasterKeys;
  readonly urls: UrlSignerOptions;
  readonly purposes: Readonly<Record<Purpose, FilePurposes[string]>>;
  /** Default: nobody looks for viruses. */
  readonly scanner?: ContentScanner | undefined;
  readonly log: Log;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export function createFiles<Purpose extends string>(options: FilesOptions<Purpose>): Files<Purpose> {
  const { sql, storage, masterKeys, purposes, scanner, log, now = () => new Date() } = options;
  const urls = new UrlSigner(options.urls);
  const keys = new DataKeys(sql, masterKeys);
  const reader = new ContentReader(storage, keys);
  const receiver = new ContentReceiver({ sql, storage, keys, reader, scanner, log, now });
  const uploads = new UploadService({ sql, keys, receiver, urls, purposes, now });
  const downloads = new DownloadService({ sql, reader, urls, now });
  const sweeper = new FileSweeper(sql, storage, now);
  return {
    createUpload: (upload) => uploads.create(upload),
    completeUpload: (tx, upload) => uploads.complete(tx, upload),
    store: ({ bytes, ...content }) => uploads.store(content, toStream(bytes)),
    find: (fileId) => downloads.find(fileId),
    list: (subject) => downloads.list(subject),
    open: (fileId) => downloads.open(fileId),
    createDownloadUrl: (fileId, choice) => downloads.createUrl(fileId, choice),
    deleteFile: async (tx, fileId) => {
      await deleteFileRow(tx, fileId);
      await destroyKeyOfFile(tx, fileId);
      await addPurgeJob(tx);
    },
    eraseSubject: async (tx, subject) => {
      await destroyKeysOfSubject(tx, subject);
      await deleteFileRowsOf(tx, subject);
      await addPurgeJob(tx);
    },
    routes: createFileRoutes({ uploads, downloads, urls, purposes, log, now }),
    jobs: createFileJobs({ sql, sweeper, keys, log, now }),
    start: () => startFileJobs(sql),
    isReachable: () => storage.isReachable(),
    close: () => storage.close(),
  };
}

async function* toStream(bytes: Buffer | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(bytes)) yield bytes;
  else yield* bytes;
}
