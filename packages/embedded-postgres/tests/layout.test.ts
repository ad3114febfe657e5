import { execFile } from 'node:child_process';
import { lstat, mkdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { completeBinaries } from '../src/binaries.ts';
import { createLayout } from '../src/layout.ts';
import { createScratch, log, query, readPid, start } from './scratch.ts';

const isRoot = process.getuid?.() === 0;

describe('binaries as npm unpacks them', () => {
  it('get their links and executable bits, once', async () => {
    await using scratch = await createScratch();
    await createBinaries(path.join(scratch.root, 'native'), { mode: 0o644 });
    await completeBinaries(scratch.root);
    await completeBinaries(scratch.root);
    expect(await readlink(path.join(scratch.root, 'native/lib/libpq.so'))).toBe('libpq.so.5');
    expect((await stat(path.join(scratch.root, 'native/bin/postgres'))).mode & 0o111).toBe(0o111);
  });
});

const hasNamespaces = await canUnshare();

describe.runIf(isRoot)('as root', () => {
  it.runIf(hasNamespaces)('runs in a user namespace on a folder that only root can enter', async () => {
    await using scratch = await createScratch();
    const directory = path.join(scratch.root, 'private/postgres');
    await mkdir(path.dirname(directory), { mode: 0o700 });
    await using server = await start(directory, { privileges: 'namespace' });
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await lstat(directory)).uid).toBe(0);
  });

  it('runs as another user where that user gets through', async () => {
    await using scratch = await createScratch();
    await using server = await start(scratch.directory, {
      privileges: 'switched',
      sharedDirectory: scratch.root,
    });
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await stat(`/proc/${await readPid(scratch.directory)}`)).uid).not.toBe(0);
    expect((await lstat(scratch.directory)).isDirectory()).toBe(true);
  });

  it('keeps the data of a folder that only root can enter in a shared one, from start to start', async () => {
    await using scratch = await createScratch();
    const directory = path.join(scratch.root, 'private/postgres');
    await mkdir(path.dirname(directory), { mode: 0o700 });
    const options = { privileges: 'switched', sharedDirectory: path.join(scratch.root, 'shared') } as const;
    const first = await start(directory, options);
    await query(first.url('postgres'), 'CREATE TABLE note AS SELECT 1 AS id');
    await first.stop();

    await using second = await start(directory, { ...options, privileges: 'auto' });
    expect(await query(second.url('postgres'), 'SELECT id FROM note')).toEqual([{ id: 1 }]);
    expect(await readlink(directory)).toContain(options.sharedDirectory);
  });

  it('says so when the shared data is gone', async () => {
    await using scratch = await createScratch();
    const directory = path.join(scratch.root, 'private/postgres');
    await mkdir(path.dirname(directory), { mode: 0o700 });
    const options = { privileges: 'switched', sharedDirectory: path.join(scratch.root, 'shared') } as const;
    await (await start(directory, options)).stop();
    await rm(options.sharedDirectory, { recursive: true });
    await expect(start(directory, options)).rejects.toMatchObject({
      code: 'POSTGRES_DIRECTORY_NOT_A_CLUSTER',
    });
  });

  it('copies binaries that the other user can not read', async () => {
    await using scratch = await createScratch();
    const hidden = path.join(scratch.root, 'private/native');
    await createBinaries(hidden, { mode: 0o700 });
    const layout = await createLayout({
      directory: scratch.directory,
      binaries: { directory: hidden, version: '18.0.0', majorVersion: 18 },
      privileges: 'switched',
      sharedDirectory: path.join(scratch.root, 'shared'),
      log,
    });
    expect(layout.user.kind).toBe('switched');
    expect(path.dirname(layout.binaries)).toBe(path.join(scratch.root, 'shared'));
    expect((await stat(path.join(layout.binaries, 'bin/postgres'))).mode & 0o777).toBe(0o755);
    expect(await readFile(path.join(layout.binaries, 'lib/libpq.so.5'), 'utf8')).toBe('library');
  });
});

/** Something shaped like the package of binaries. */
async function createBinaries(native: string, { mode }: { readonly mode: number }): Promise<void> {
  await mkdir(path.join(native, 'bin'), { recursive: true, mode: 0o700 });
  await mkdir(path.join(native, 'lib'));
  for (const name of ['postgres', 'initdb']) {
    await writeFile(path.join(native, 'bin', name), '#!/bin/sh\n', { mode });
  }
  await writeFile(path.join(native, 'lib/libpq.so.5'), 'library', { mode: 0o600 });
  const links = [{ source: 'native/lib/libpq.so.5', target: 'native/lib/libpq.so' }];
  await writeFile(path.join(native, 'pg-symlinks.json'), JSON.stringify(links));
}

async function canUnshare(): Promise<boolean> {
  return promisify(execFile)('unshare', ['--user', '--map-user=65534', 'true']).then(
    () => true,
    () => false,
  );
}
