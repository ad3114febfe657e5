import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createDiskStorage, ObjectNotFoundError } from '../src/index.ts';

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

it('a process that is killed while it writes leaves nothing to read, and what it left is removed', async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-crash-'));
  const objectId = randomUUID();
  const writer = fork(new URL('writer.process.ts', import.meta.url), [directory, objectId], {
    execArgv: ['--import', 'tsx'],
  });
  await once(writer, 'message');
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  const storage = await createDiskStorage(directory);
  await expect(storage.open(objectId)).rejects.toThrow(ObjectNotFoundError);
  expect(await listFiles(directory)).toEqual([objectId]);
  await storage.removeUnfinished(new Date(0));
  expect(await listFiles(directory)).toEqual([objectId]);
  await storage.removeUnfinished(new Date(Date.now() + 60_000));
  expect(await listFiles(directory)).toEqual([]);
  await rm(directory, { recursive: true });
});
