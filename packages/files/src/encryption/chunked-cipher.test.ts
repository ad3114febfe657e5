import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { inPieces } from '../../tests/samples.fixture.ts';
import { DecryptionError, decrypt, encrypt, type ObjectKey } from './chunked-cipher.ts';

const key: ObjectKey = { dataKey: randomBytes(32), fileId: 'file', objectId: 'object' };
const chunk = 64 * 1024;
const sealed = chunk + 16;
const header = 36;

const seal = (content: Buffer, size = 1000) => buffer(encrypt(key, inPieces(content, size)));
const open = (object: Buffer, size = 1000, by = key) => buffer(decrypt(by, inPieces(object, size)));

function flipBit(object: Buffer, position: number): Buffer {
  object.writeUInt8(object.readUInt8(position) ^ 1, position);
  return object;
}

describe('what is encrypted', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 5])(
    'opens again: %i bytes',
    async (length) => {
      const content = randomBytes(length);
      const object = await seal(content);
      expect(object.length).toBe(header + length + 16 * Math.max(1, Math.ceil(length / chunk)));
      for (const size of [999, 200_000, 2 ** 30])
        expect((await open(object, size)).equals(content)).toBe(true);
    },
  );

  it('differs each time and shows nothing of the content', async () => {
    const content = Buffer.alloc(chunk, 'a secret');
    const [one, two] = [await seal(content), await seal(content)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('secret')).toBe(false);
  });
});

describe('what is not as it was', () => {
  const content = randomBytes(3 * chunk);
  const at = (object: Buffer, index: number) =>
    object.subarray(header + index * sealed, header + (index + 1) * sealed);

  const changes: Record<string, (object: Buffer) => Buffer> = {
    'one bit': (object) => flipBit(object, header + sealed + 3),
    'a bit of the salt': (object) => flipBit(object, 9),
    'another kind of object': (object) => flipBit(object, 3),
    'a last chunk that is missing': (object) => object.subarray(0, header + 2 * sealed),
    'a last byte that is missing': (object) => object.subarray(0, -1),
    'all but the header missing': (object) => object.subarray(0, header),
    'half a header': (object) => object.subarray(0, 20),
    nothing: () => Buffer.alloc(0),
    'chunks that are swapped': (object) =>
      Buffer.concat([object.subarray(0, header), at(object, 1), at(object, 0), at(object, 2)]),
    'a chunk twice': (object) =>
      Buffer.concat([object.subarray(0, header), at(object, 0), at(object, 0), at(object, 1), at(object, 2)]),
    'a chunk in the middle that is missing': (object) =>
      Buffer.concat([object.subarray(0, header), at(object, 0), at(object, 2)]),
    'a byte more': (object) => Buffer.concat([object, Buffer.from([0])]),
  };

  it.each(Object.entries(changes))('does not open: %s', async (_name, change) => {
    const object = change(await seal(content));
    await expect(open(object)).rejects.toThrow(DecryptionError);
  });

  it.each([
    { ...key, dataKey: randomBytes(32) },
    { ...key, fileId: 'other' },
    { ...key, objectId: 'other' },
  ])('does not open in another place or with another key', async (other) => {
    await expect(open(await seal(content), 1000, other)).rejects.toThrow(DecryptionError);
  });

  it('gives no byte that is not genuine', async () => {
    const object = await seal(content);
    flipBit(object, header + sealed + 3);
    const pieces: Buffer[] = [];
    const reading = (async () => {
      for await (const piece of decrypt(key, inPieces(object, 1000))) pieces.push(piece);
    })();
    await expect(reading).rejects.toThrow(DecryptionError);
    expect(Buffer.concat(pieces).equals(content.subarray(0, chunk))).toBe(true);
  });
});
