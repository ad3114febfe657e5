import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataDirectoryInUseError } from '../src/index.ts';
import { findCommandLine } from '../src/process.ts';
import { createScratch, query, readPid, type Scratch, start } from './scratch.ts';

let template: Scratch;
beforeAll(async () => {
  template = await createScratch();
  await (await start(template.directory)).stop();
});
afterAll(() => template[Symbol.asyncDispose]());

describe('the life of the server', () => {
  it('starts on a new directory, stops, and has its data at the next start', async () => {
    await using scratch = await createScratch();
    const first = await start(scratch.directory);
    await query(first.url('postgres'), 'CREATE TABLE note AS SELECT 1 AS id');
    const pid = await readPid(scratch.directory);
    await first.stop();
    expect(await findCommandLine(pid)).toBeNull();

    await using second = await start(scratch.directory);
    expect(second.url('postgres')).toBe(first.url('postgres'));
    expect(await query(second.url('postgres'), 'SELECT id FROM note')).toEqual([{ id: 1 }]);
  });

  it('listens on no port, counts in UTC and compares text by code point', async () => {
    await using scratch = await createScratch(template);
    await using server = await start(scratch.directory);
    const [settings] = await query(
      server.url('postgres'),
      `SELECT current_setting('listen_addresses') AS addresses, current_setting('TimeZone') AS zone,
        pg_encoding_to_char(encoding) AS encoding, datlocale AS locale, 'Z' < 'a' AS by_code_point
        FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual({
      addresses: '',
      zone: 'UTC',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
      by_code_point: true,
    });
  });

  it('runs outside our process group, so that a Ctrl-C reaches only us', async () => {
    await using scratch = await createScratch(template);
    await using _server = await start(scratch.directory);
    const pid = await readPid(scratch.directory);
    const afterName = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1] ?? '';
    const [, , processGroup] = afterName.split(' ');
    expect(Number(processGroup)).toBe(pid);
  });

  it('leaves the server to the next owner when told to', async () => {
    await using scratch = await createScratch(template);
    const first = await start(scratch.directory, { keepAliveAfterStop: true });
    const pid = await readPid(scratch.directory);
    await first.stop();
    await using _second = await start(scratch.directory);
    expect(await readPid(scratch.directory)).toBe(pid);
  });

  it('puts the socket elsewhere when the path of the directory is too long for one', async () => {
    await using scratch = await createScratch();
    const directory = path.join(scratch.root, 'a'.repeat(90), 'postgres');
    await using server = await start(directory);
    expect(existsSync(path.join(directory, '.s.PGSQL.5432'))).toBe(false);
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    await rmdir(new URL(server.url('postgres')).searchParams.get('host')!);
  });
});

describe('two at once', () => {
  it('lets one of two starters own the server and refuses the other in one sentence', async () => {
    await using scratch = await createScratch();
    const attempts = await Promise.allSettled([start(scratch.directory), start(scratch.directory)]);
    const servers = attempts.filter((attempt) => attempt.status === 'fulfilled').map(({ value }) => value);
    const refusals = attempts.filter((attempt) => attempt.status === 'rejected').map(({ reason }) => reason);
    expect(servers).toHaveLength(1);
    await using server = servers[0]!;
    expect(refusals).toEqual([expect.any(DataDirectoryInUseError)]);
    expect(refusals[0].message).toMatch(/^The data directory .+ is in use by another .+\.$/);
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(scratch.root)).toEqual(['postgres']);
  });
});

describe('after a crash', () => {
  it('adopts the server whose owner was killed', async () => {
    await using scratch = await createScratch(template);
    const owner = await spawnOwner(scratch.directory);
    const pid = await readPid(scratch.directory);
    owner.kill('SIGKILL');
    await once(owner, 'exit');

    const server = await start(scratch.directory);
    expect(await readPid(scratch.directory)).toBe(pid);
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(existsSync(path.join(scratch.directory, 'postmaster.pid'))).toBe(false);
  });

  it('starts the server again when it is killed, and still owns it', async () => {
    await using scratch = await createScratch(template);
    await using server = await start(scratch.directory);
    await query(server.url('postgres'), 'CREATE TABLE note AS SELECT 1 AS id');
    const pid = await readPid(scratch.directory);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => readNote(server.url('postgres')), { timeout: 10_000 }).toEqual([{ id: 1 }]);
    expect(await readPid(scratch.directory)).not.toBe(pid);
    await expect.poll(() => query(server.url('postgres'), countOwners)).toEqual([{ owners: 1 }]);
  });

  it('tells when the server can not be brought back', async () => {
    await using scratch = await createScratch(template);
    const lost = Promise.withResolvers<Error>();
    await using _server = await start(scratch.directory, { onLost: lost.resolve });
    await writeFile(path.join(scratch.directory, 'postgresql.conf'), 'no such setting');
    process.kill(await readPid(scratch.directory), 'SIGKILL');
    expect(await lost.promise).toMatchObject({ code: 'POSTGRES_START_FAILED' });
  });

  it('is not held up by a lock file whose number belongs to another process now', async () => {
    await using scratch = await createScratch(template);
    const lockFile = [process.ppid, scratch.directory, 0, 5432, scratch.directory, '', '', 'ready'].join(
      '\n',
    );
    await writeFile(path.join(scratch.directory, 'postmaster.pid'), lockFile, { mode: 0o600 });
    await using server = await start(scratch.directory);
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('removes what a starter that died has left, and nothing of a live one', async () => {
    await using scratch = await createScratch();
    const neverAProcess = 2 ** 30;
    await mkdir(`${scratch.directory}.init-${neverAProcess}-00`);
    await mkdir(`${scratch.directory}.init-${process.ppid}-00`);
    await using _server = await start(scratch.directory);
    expect(await readdir(scratch.root)).toEqual(['postgres', `postgres.init-${process.ppid}-00`]);
  });
});

const countOwners = `SELECT count(*)::int AS owners FROM pg_locks WHERE locktype = 'advisory' AND granted`;

async function readNote(url: string): Promise<unknown> {
  return query(url, 'SELECT id FROM note').catch(() => 'unavailable');
}

async function spawnOwner(directory: string): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, 'owner.ts');
  const owner = spawn(process.execPath, ['--import', 'tsx', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(owner.stdout!, 'data');
  return owner;
}
