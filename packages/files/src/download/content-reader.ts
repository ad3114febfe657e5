import { createHash } from 'node:crypto';
import { decrypt } from '../encryption/chunked-cipher.ts';
import { FileError } from '../file.error.ts';
import type { DataKeys } from '../keys/data-keys.ts';
import { ObjectNotFoundError, type ObjectStorage } from '../storage/object-storage.ts';

/** A content, and what it must turn out to be. */
export interface ExpectedContent {
  readonly fileId: string;
  readonly keyId: string;
  readonly objectId: string;
  readonly byteLength: number;
  readonly sha256: string;
}

/** Reads stored contents, decrypted and checked. */
export class ContentReader {
  readonly #storage: ObjectStorage;
  readonly #keys: DataKeys;

  constructor(storage: ObjectStorage, keys: DataKeys) {
    this.#storage = storage;
    this.#keys = keys;
  }

  /**
   * The content as it comes. It fails before its last bytes when it is not, to the bit, what was received.
   * @throws FileError `FILE_NOT_FOUND` when its key was destroyed, `FILE_CORRUPT`, `FILE_STORAGE_UNAVAILABLE`
   */
  async open(expected: ExpectedContent): Promise<AsyncIterable<Buffer>> {
    const { keyId, fileId, objectId } = expected;
    const dataKey = await this.#keys.open(keyId);
    const object = await this.#storage.open(objectId).catch((cause: unknown) => {
      throw new FileError(
        cause instanceof ObjectNotFoundError ? 'FILE_CORRUPT' : 'FILE_STORAGE_UNAVAILABLE',
        cause,
      );
    });
    return startNow(verify(decrypt({ dataKey, fileId, objectId }, object), expected));
  }
}

/** Holds each piece back until the next one is there, and the last until the whole is known to be right. */
async function* verify(
  content: AsyncIterable<Buffer>,
  { byteLength, sha256 }: ExpectedContent,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let length = 0;
  let held: Buffer | undefined;
  try {
    for await (const bytes of content) {
      hash.update(bytes);
      length += bytes.length;
      if (held) yield held;
      held = bytes;
    }
  } catch (cause) {
    throw new FileError('FILE_CORRUPT', cause);
  }
  if (length !== byteLength || hash.digest('hex') !== sha256) throw new FileError('FILE_CORRUPT');
  if (held) yield held;
}

/** Reads the first piece at once, so that what is wrong from the start is known before anything is answered. */
async function startNow(content: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  const first = await content.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* content;
  })();
}
