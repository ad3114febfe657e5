import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  NoSuchKey,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { isUuid } from '@suvidha/db';
import { type ListedObject, ObjectNotFoundError, type ObjectStorage } from './object-storage.ts';

export interface S3Options {
  /** Address of a service that speaks S3. Default: that of AWS in the region. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  /** What keys begin with, such as `kyc/`: one bucket serves several subgraphs. */
  readonly prefix: string;
  /** Default: found as AWS tools find them, such as by the machine's role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The smallest part S3 takes. */
const partBytes = 5 * 1024 * 1024;

/** Objects of a bucket. S3 shows an object only when it is whole: after its single put, or after its last part. */
export function createS3Storage({ bucket, prefix, ...connection }: S3Options): ObjectStorage {
  const client = new S3Client({
    region: connection.region,
    ...(connection.endpoint !== undefined && { endpoint: connection.endpoint, forcePathStyle: true }),
    ...(connection.credentials && { credentials: connection.credentials }),
    // Services other than AWS's do not know the newer checksums; ours are inside the object.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const locate = (objectId: string) => ({ Bucket: bucket, Key: `${prefix}${toName(objectId)}` });
  return {
    put: (objectId, content, { signal }) => upload(client, locate(objectId), content, signal),
    open: (objectId) => download(client, locate(objectId)),
    delete: async (objectId) => {
      await client.send(new DeleteObjectCommand(locate(objectId)));
    },
    list: () => listObjects(client, bucket, prefix),
    // Parts of an upload whose process died are for the bucket's own rule, `AbortIncompleteMultipartUpload`.
    removeUnfinished: async () => undefined,
    isReachable: () =>
      client.send(new HeadBucketCommand({ Bucket: bucket })).then(
        () => true,
        () => false,
      ),
    close: () => client.destroy(),
  };
}

interface Location {
  readonly Bucket: string;
  readonly Key: string;
}

/** @throws TypeError when it is not an id of ours */
function toName(objectId: string): string {
  if (!isUuid(objectId)) throw new TypeError('an object id must be a UUID');
  return objectId;
}

async function upload(
  client: S3Client,
  location: Location,
  content: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const task = new Upload({
    client,
    params: {
      ...location,
      Body: Readable.from(content, { objectMode: false }),
      ContentType: 'application/octet-stream',
    },
    partSize: partBytes,
    queueSize: 1,
  });
  const abort = () => void task.abort();
  signal.addEventListener('abort', abort, { once: true });
  await task.done().finally(() => signal.removeEventListener('abort', abort));
}

async function download(client: S3Client, location: Location): Promise<AsyncIterable<Buffer>> {
  const { Body } = await client.send(new GetObjectCommand(location)).catch((error: unknown) => {
    throw error instanceof NoSuchKey ? new ObjectNotFoundError() : error;
  });
  return Body as Readable;
}

async function* listObjects(client: S3Client, bucket: string, prefix: string): AsyncGenerator<ListedObject> {
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucket, Prefix: prefix },
  )) {
    for (const { Key = '', LastModified } of Contents) {
      const objectId = Key.slice(prefix.length);
      if (isUuid(objectId) && LastModified) yield { objectId, modifiedAt: LastModified };
    }
  }
}
