import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { createPool, diffSchema, uuidv7 } from '@suvidha/db';
import { migrateJobs } from '@suvidha/jobs';
import { createLog } from '@suvidha/log';
import { createTestDatabase } from '@suvidha/testing';
import { fastify } from 'fastify';
import type { Pool } from 'pg';
import { afterAll } from 'vitest';
import { createDb } from '../../../subgraphs/payments/src/db.ts';
import {
  type ContentScanner,
  createFiles,
  createLocalMasterKeys,
  type FilePurpose,
  type Files,
  type MasterKeys,
  type NewUpload,
} from '../src/index.ts';
import { storages, type TestStorage } from './storage.fixture.ts';

export const log = createLog({ service: 'test', level: 'silent' });

export const purposes = {
  'identity-document': {
    types: ['image/png', 'image/jpeg', 'application/pdf'],
    maxBytes: 2_000_000,
    keyPer: 'subject',
  },
  receipt: { types: ['application/pdf'], maxBytes: 100_000, keyPer: 'file' },
  'product-image': { types: ['image/png'], maxBytes: 2_000_000, keyPer: 'file', isEmbeddable: true },
} as const satisfies Record<string, FilePurpose>;

export type Purpose = keyof typeof purposes;

export interface FilesTest extends AsyncDisposable {
  readonly files: Files<Purpose>;
  readonly db: ReturnType<typeof createDb>;
  readonly pool: Pool;
  readonly place: TestStorage;
  /** Whose files this test's are. */
  readonly subject: string;
  /** The clock of the files. */
  now: Date;
  /** Asks for an upload; what is not said is some identity document of its own. */
  ask(upload?: Partial<NewUpload<Purpose>>): ReturnType<Files<Purpose>['createUpload']>;
  /** Sends a content to an address, as a client would. */
  put(url: string, body: Buffer | ReadableStream, headers?: Record<string, string>): Promise<Answer>;
  complete(fileId: string, subject?: string, purpose?: Purpose): ReturnType<Files<Purpose>['completeUpload']>;
  /** Asks for, sends and completes. */
  upload(body: Buffer, upload?: Partial<NewUpload<Purpose>>): Promise<string>;
  read(fileId: string): Promise<Buffer>;
  /** A second process on the same database and storage. */
  restart(options?: Partial<FilesTestOptions>): Files<Purpose>;
  runJob(task: string): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: { readonly error?: { readonly code: string }; readonly [key: string]: unknown };
}

export interface FilesTestOptions {
  readonly storage: keyof typeof storages;
  readonly scanner?: ContentScanner;
  readonly masterKeys: MasterKeys;
  readonly purposes: Record<Purpose, FilePurpose>;
}

export function createMasterKeys(...ids: [string, ...string[]]): MasterKeys {
  const [first, ...rest] = ids.map((id) => ({ id, key: Buffer.alloc(32, id) }));
  return createLocalMasterKeys([first!, ...rest]);
}

export async function openFilesTest(options: Partial<FilesTestOptions> = {}): Promise<FilesTest> {
  opening ??= openDatabase();
  const pool = await opening;
  const db = createDb(pool);
  const place = await storages[options.storage ?? 'disk']();
  const subject = `user:${uuidv7()}`;
  const urls = { baseUrl: '', audience: 'kyc', keys: [randomBytes(32)] as [Buffer] };
  const create = (given: Partial<FilesTestOptions>): Files<Purpose> =>
    createFiles<Purpose>({
      sql: db,
      storage: place.storage,
      masterKeys: given.masterKeys ?? createMasterKeys('one'),
      urls,
      purposes: given.purposes ?? purposes,
      scanner: given.scanner,
      log,
      now: () => test.now,
    });
  const files = create(options);
  const server = fastify({ forceCloseConnections: true });
  await server.register(files.routes, { prefix: '/kyc' });
  urls.baseUrl = `${await server.listen({ port: 0, host: '127.0.0.1' })}/kyc`;
  const ask: FilesTest['ask'] = (upload) =>
    files.createUpload({ purpose: 'identity-document', subject, idempotencyKey: randomUUID(), ...upload });
  const complete: FilesTest['complete'] = (fileId, owner = subject, purpose = 'identity-document') =>
    files.completeUpload(db, { fileId, subject: owner, purpose });
  const test: FilesTest = {
    files,
    db,
    pool,
    place,
    subject,
    now: new Date(),
    ask,
    put,
    complete,
    upload: async (body, upload = {}) => {
      const { fileId, url } = await ask(upload);
      await put(url, body);
      await complete(fileId, upload.subject, upload.purpose);
      return fileId;
    },
    read: async (fileId) => buffer((await files.open(fileId)).content),
    restart: (changed = {}) => create({ ...options, ...changed }),
    runJob: (task) => files.jobs[task]!({}),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await db.$disconnect();
      await place[Symbol.asyncDispose]();
    },
  };
  return test;
}

async function put(
  url: string,
  body: Buffer | ReadableStream,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'PUT',
    body,
    headers,
    duplex: 'half',
  } as unknown as RequestInit);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** One for all tests of a file: each has a subject and a storage of its own. */
let opening: Promise<Pool> | undefined;

afterAll(async () => {
  await (await opening)?.end();
});

async function openDatabase(): Promise<Pool> {
  const url = await createTestDatabase();
  const tables = await readFile(new URL('../prisma/files.prisma', import.meta.url), 'utf8');
  const sql = await diffSchema(url, `datasource db {\n  provider = "postgresql"\n}\n${tables}`);
  const pool = createPool(url, { applicationName: 'test', max: 8, log });
  await pool.query(sql!);
  await migrateJobs(pool);
  return pool;
}
