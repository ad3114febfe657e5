import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isUuid } from '@suvidha/db';
import { type ListedObject, ObjectNotFoundError, type ObjectStorage } from './object-storage.ts';

/**
 * Objects as files of one folder, readable by their owner only. An object is written beside its place, flushed to the
 * disk and then renamed, which the file system does whole or not at all.
 */
export async function createDiskStorage(directory: string): Promise<ObjectStorage> {
  const objects = path.join(directory, 'objects');
  const unfinished = path.join(directory, 'unfinished');
  for (const folder of [objects, unfinished]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = (objectId: string) => path.join(objects, shardOf(objectId), objectId);
  return {
    put: async (objectId, content, { signal }) => {
      const draft = path.join(unfinished, toName(objectId));
      try {
        await pipeline(content, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }), {
          signal,
        });
        await moveInto(draft, place(objectId));
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    open: (objectId) => openFile(place(objectId)),
    delete: (objectId) => rm(place(objectId), { force: true }),
    list: () => listObjects(objects),
    removeUnfinished: (before) => removeOlder(unfinished, before),
    isReachable: () =>
      access(objects).then(
        () => true,
        () => false,
      ),
    close: () => undefined,
  };
}

/** @throws TypeError when it is not an id of ours, and so might be a path */
function toName(objectId: string): string {
  if (!isUuid(objectId)) throw new TypeError('an object id must be a UUID');
  return objectId;
}

/** A folder for each of 256 shards: one folder with a million files is slow. The end of a UUIDv7 is random. */
function shardOf(objectId: string): string {
  return toName(objectId).slice(-2);
}

async function moveInto(draft: string, target: string): Promise<void> {
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(draft, target);
  await flushFolder(folder);
}

/** Without this, a power failure could forget the new name although the content is on the disk. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Opens now, so that an absent file is an error now and not in the middle of an answer. */
async function openFile(file: string): Promise<AsyncIterable<Buffer>> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new ObjectNotFoundError() : error;
  });
  return createReadStream('', { fd: handle });
}

async function* listObjects(folder: string): AsyncGenerator<ListedObject> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !isUuid(entry.name)) continue;
    const found = await stat(path.join(entry.parentPath, entry.name)).catch(() => null);
    if (found) yield { objectId: entry.name, modifiedAt: found.mtime };
  }
}

async function removeOlder(folder: string, before: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found && found.mtime < before) await rm(file, { force: true });
  }
}
