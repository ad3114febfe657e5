import path from 'node:path';
import type { SqlClient } from '@suvidha/db';
import type { Log } from '@suvidha/log';
import type { FileConfig } from './config.ts';
import { createFiles, type Files, type FilesOptions } from './files.ts';
import { createLocalMasterKeys } from './keys/master-keys.ts';
import { createClamdScanner } from './scanner/clamd.scanner.ts';
import { createDiskStorage } from './storage/disk.storage.ts';
import type { ObjectStorage } from './storage/object-storage.ts';
import { createS3Storage } from './storage/s3.storage.ts';

export interface OpenFilesOptions<Purpose extends string> {
  readonly config: FileConfig;
  /** Name of the subgraph: its objects are kept apart from those of others. */
  readonly subgraph: string;
  readonly sql: SqlClient;
  readonly purposes: FilesOptions<Purpose>['purposes'];
  readonly log: Log;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

/**
 * The files of a subgraph as its configuration says: where they are, which keys, whether they are scanned.
 * @throws Error when neither a folder nor a bucket is configured
 */
export async function openFiles<Purpose extends string>(
  options: OpenFilesOptions<Purpose>,
): Promise<Files<Purpose>> {
  const { config, subgraph, ...parts } = options;
  const { scannerHost, scannerPort, masterKeys, urlKeys, publicUrl } = config.files;
  return createFiles({
    ...parts,
    storage: await openStorage(config, subgraph),
    masterKeys: createLocalMasterKeys(masterKeys),
    urls: { baseUrl: publicUrl.replace(/\/$/, ''), audience: subgraph, keys: urlKeys },
    scanner: scannerHost ? createClamdScanner({ host: scannerHost, port: scannerPort }) : undefined,
  });
}

async function openStorage({ files, s3 }: FileConfig, subgraph: string): Promise<ObjectStorage> {
  if (files.directory !== undefined) return createDiskStorage(path.join(files.directory, subgraph));
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3;
  if (bucket === undefined) throw new Error('Set FILE_DIRECTORY or S3_BUCKET: files must be kept somewhere.');
  return createS3Storage({
    region,
    bucket,
    prefix: `${subgraph}/`,
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
  });
}
