import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadBinaries } from '../src/binaries.ts';
import { createScratch, start } from './scratch.ts';

it('refuses a platform without binaries', async () => {
  await expect(loadBinaries('plan9-mips')).rejects.toMatchObject({ code: 'POSTGRES_BINARIES_MISSING' });
});

it('refuses a directory that can not be created', async () => {
  await using scratch = await createScratch();
  await writeFile(path.join(scratch.root, 'file'), '');
  const directory = path.join(scratch.root, 'file/postgres');
  await expect(start(directory)).rejects.toMatchObject({ code: 'POSTGRES_DIRECTORY_NOT_WRITABLE' });
});

it('refuses a directory that holds something else, and leaves it alone', async () => {
  await using scratch = await createScratch();
  await mkdir(scratch.directory);
  await writeFile(path.join(scratch.directory, 'thesis.txt'), 'precious');
  await expect(start(scratch.directory)).rejects.toMatchObject({ code: 'POSTGRES_DIRECTORY_NOT_A_CLUSTER' });
});

it('refuses a cluster of another major version', async () => {
  await using scratch = await createScratch();
  await mkdir(scratch.directory);
  await writeFile(path.join(scratch.directory, 'PG_VERSION'), '16\n');
  await expect(start(scratch.directory)).rejects.toMatchObject({ code: 'POSTGRES_VERSION_MISMATCH' });
});

it('passes on why the server does not start', async () => {
  await using scratch = await createScratch();
  await (await start(scratch.directory)).stop();
  await writeFile(path.join(scratch.directory, 'postgresql.conf'), 'no such setting');
  await expect(start(scratch.directory)).rejects.toMatchObject({
    code: 'POSTGRES_START_FAILED',
    message: expect.stringMatching(/configuration file .+ contains errors/),
  });
});
