import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ObjectNotFoundError, type ObjectStorage } from '../src/index.ts';
import { inPieces } from './samples.fixture.ts';
import { storages } from './storage.fixture.ts';

const never = { signal: new AbortController().signal };
const mebibyte = 1024 * 1024;

async function* failing(bytes: Buffer): AsyncGenerator<Buffer> {
  yield* inPieces(bytes, 65_536);
  throw new TypeError('the sender went away');
}

async function listIds(storage: ObjectStorage): Promise<string[]> {
  const ids: string[] = [];
  for await (const { objectId } of storage.list()) ids.push(objectId);
  return ids.sort();
}

describe.each(Object.entries(storages))('the storage on %s', (_name, open) => {
  it.each([0, 1, 100_000, 12 * mebibyte + 3])('gives back what it was given: %i bytes', async (length) => {
    await using place = await open();
    const [id, content] = [randomUUID(), randomBytes(length)];
    await place.storage.put(id, inPieces(content, 65_536), never);
    expect((await buffer(await place.storage.open(id))).equals(content)).toBe(true);
  });

  it('lists what it has, with its age', async () => {
    await using place = await open();
    const ids = [randomUUID(), randomUUID()].sort();
    const before = Date.now() - 2_000;
    for (const id of ids) await place.storage.put(id, inPieces(randomBytes(10), 10), never);
    expect(await listIds(place.storage)).toEqual(ids);
    for await (const { modifiedAt } of place.storage.list()) {
      expect(modifiedAt.getTime()).toBeGreaterThan(before);
    }
  });

  it('does not have what it never had, or no more', async () => {
    await using place = await open();
    const id = randomUUID();
    await expect(place.storage.open(id)).rejects.toThrow(ObjectNotFoundError);
    await place.storage.delete(id);
    await place.storage.put(id, inPieces(randomBytes(10), 10), never);
    await place.storage.delete(id);
    await expect(place.storage.open(id)).rejects.toThrow(ObjectNotFoundError);
    expect(await listIds(place.storage)).toEqual([]);
  });

  it.each([1, 7 * mebibyte])('keeps nothing of a content that fails after %i bytes', async (length) => {
    await using place = await open();
    const id = randomUUID();
    await expect(place.storage.put(id, failing(randomBytes(length)), never)).rejects.toThrow();
    await expect(place.storage.open(id)).rejects.toThrow(ObjectNotFoundError);
    expect(await listIds(place.storage)).toEqual([]);
  });

  it('shows nothing of a content that is still coming', async () => {
    await using place = await open();
    const id = randomUUID();
    const seen: unknown[] = [];
    const content = (async function* () {
      yield randomBytes(7 * mebibyte);
      yield randomBytes(100);
      seen.push(
        await place.storage.open(id).catch((error: Error) => error.name),
        await listIds(place.storage),
      );
      yield randomBytes(100);
    })();
    await place.storage.put(id, content, never);
    expect(seen).toEqual(['ObjectNotFoundError', []]);
    expect(await listIds(place.storage)).toEqual([id]);
  });

  it('keeps nothing of a content that is called off', async () => {
    await using place = await open();
    const [id, calledOff] = [randomUUID(), new AbortController()];
    const content = (async function* () {
      yield randomBytes(100);
      calledOff.abort();
      yield randomBytes(100);
    })();
    await expect(place.storage.put(id, content, { signal: calledOff.signal })).rejects.toThrow();
    await expect(place.storage.open(id)).rejects.toThrow(ObjectNotFoundError);
  });

  it.each(['', '../../etc/passwd', 'a/b', `${randomUUID()}/..`, randomUUID().toUpperCase()])(
    'takes no name but an id of ours: %j',
    async (name) => {
      await using place = await open();
      const tries = [
        async () => place.storage.put(name, inPieces(randomBytes(1), 1), never),
        async () => place.storage.open(name),
        async () => place.storage.delete(name),
      ];
      for (const act of tries) await expect(act()).rejects.toThrow(TypeError);
      expect(await listIds(place.storage)).toEqual([]);
    },
  );

  it('says whether it can be reached', async () => {
    await using place = await open();
    expect(await place.storage.isReachable()).toBe(true);
  });
});
