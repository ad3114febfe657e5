import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * A stored object: `SVF1`, 32 random bytes of salt, then the content in chunks of 64 KiB, each sealed by AES-256-GCM. The
 * key of an object is derived from the data key, the salt and the ids of file and object (HKDF-SHA-256, RFC 5869), so an
 * object put in another's place does not open. The nonce of a chunk is its number and whether it is the last one (the STREAM
 * construction of Hoang, Reyhanitabar, Rogaway and Vizár, https://eprint.iacr.org/2015/189, as age uses it): chunks that are
 * swapped, repeated, left out or cut off do not open either.
 */
const magic = Buffer.from('SVF1');
const saltBytes = 32;
const headerBytes = magic.length + saltBytes;
const chunkBytes = 64 * 1024;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

/** What binds an object to its place. */
export interface ObjectKey {
  /** 32 bytes. */
  readonly dataKey: Buffer;
  readonly fileId: string;
  readonly objectId: string;
}

type Bytes = AsyncIterable<Buffer>;

/** Stored bytes do not open with the key: they were altered, cut off or put there by somebody else. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/** Encrypts a content as it comes. */
export async function* encrypt(key: ObjectKey, content: Bytes): AsyncGenerator<Buffer> {
  const salt = randomBytes(saltBytes);
  const objectKey = deriveKey(key, salt);
  yield Buffer.concat([magic, salt]);
  for await (const { bytes, index, isLast } of toPieces(content, chunkBytes)) {
    const cipher = createCipheriv(algorithm, objectKey, toNonce(index, isLast));
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

/**
 * Decrypts an object as it comes. What it gives is genuine; that it is whole is only known at the end.
 * @throws DecryptionError
 */
export async function* decrypt(key: ObjectKey, object: Bytes): AsyncGenerator<Buffer> {
  const { header, rest } = await splitHeader(object);
  const objectKey = deriveKey(key, header.subarray(magic.length));
  for await (const { bytes, index, isLast } of toPieces(rest, chunkBytes + tagBytes)) {
    yield open(objectKey, toNonce(index, isLast), bytes);
  }
}

function open(objectKey: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < tagBytes) throw new DecryptionError('the object is cut off');
  const decipher = createDecipheriv(algorithm, objectKey, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new DecryptionError('the object does not open', { cause });
  }
}

function deriveKey({ dataKey, fileId, objectId }: ObjectKey, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, salt, `suvidha:file:${fileId}:${objectId}`, 32));
}

/** 11 bytes of chunk number, one byte that says whether more follow. */
function toNonce(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(index, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

interface Piece {
  readonly bytes: Buffer;
  readonly index: number;
  readonly isLast: boolean;
}

/** Cuts a stream into pieces of one size; only the last may be shorter, and there is always a last one. */
async function* toPieces(source: Bytes, size: number): AsyncGenerator<Piece> {
  let index = 0;
  let pending: Buffer[] = [];
  let length = 0;
  for await (const bytes of source) {
    pending.push(bytes);
    length += bytes.length;
    if (length <= size) continue;
    let joined = Buffer.concat(pending);
    // A piece that could be the last one waits until there is more.
    for (; joined.length > size; joined = joined.subarray(size)) {
      yield { bytes: joined.subarray(0, size), index, isLast: false };
      index += 1;
    }
    pending = [joined];
    length = joined.length;
  }
  yield { bytes: Buffer.concat(pending), index, isLast: true };
}

async function splitHeader(object: Bytes): Promise<{ header: Buffer; rest: Bytes }> {
  const iterator = object[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < headerBytes) {
    const { value, done } = await iterator.next();
    if (done) throw new DecryptionError('the object is cut off');
    start = Buffer.concat([start, value]);
  }
  if (!start.subarray(0, magic.length).equals(magic))
    throw new DecryptionError('this is not one of our objects');
  return {
    header: start.subarray(0, headerBytes),
    rest: continueWith(start.subarray(headerBytes), iterator),
  };
}

async function* continueWith(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    // Closes what is read from, also when the reader stops early.
    await iterator.return?.();
  }
}
