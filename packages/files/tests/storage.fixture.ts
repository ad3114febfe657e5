import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import S3rver from '@20minutes/s3rver';
import { createDiskStorage, createS3Storage, type ObjectStorage } from '../src/index.ts';

export interface TestStorage extends AsyncDisposable {
  readonly storage: ObjectStorage;
  /** Everything that lies where the storage keeps its bytes, whatever it is. */
  readAll(): Promise<Buffer>;
}

/** The storages, by name: each is opened on a new, empty place. */
export const storages = { disk: openDisk, S3: openS3 } as const;

async function openDisk(): Promise<TestStorage> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-files-'));
  return {
    storage: await createDiskStorage(directory),
    readAll: () => readFolder(directory),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

async function openS3(): Promise<TestStorage> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    // It signs requests for a whole bucket (list, head) otherwise than AWS and its SDK do.
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: 'files', configs: [] }],
  });
  const { port } = await server.run();
  const storage = createS3Storage({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: 'files',
    prefix: 'kyc/',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
  return {
    storage,
    readAll: () => readFolder(directory),
    [Symbol.asyncDispose]: async () => {
      storage.close();
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function readFolder(directory: string): Promise<Buffer> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
}
