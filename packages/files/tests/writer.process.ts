// Begins to write an object and never ends; says so when the first bytes are on their way.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createDiskStorage } from '../src/index.ts';

const [directory = '', objectId = ''] = process.argv.slice(2);
const storage = await createDiskStorage(directory);

async function* endless(): AsyncGenerator<Buffer> {
  for (let count = 1; ; count += 1) {
    yield randomBytes(100_000);
    if (count === 5) process.send?.('writing');
    if (count > 5) await delay(60_000);
  }
}

await storage.put(objectId, endless(), { signal: new AbortController().signal });
