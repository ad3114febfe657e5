import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createLog } from '@suvidha/log';
import { Client } from 'pg';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../src/index.ts';

export const log = createLog({ service: 'embedded-postgres-tests', level: 'silent' });

export interface Scratch extends AsyncDisposable {
  /** A folder of this test's own that every user may pass through. */
  readonly root: string;
  readonly directory: string;
}

/** @param template a stopped cluster to start from, which is quicker than a new one; default none */
export async function createScratch(template?: Scratch): Promise<Scratch> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'suvidha-pg-'));
  await chmod(root, 0o755);
  if (template !== undefined) await cp(template.directory, path.join(root, 'postgres'), { recursive: true });
  return {
    root,
    directory: path.join(root, 'postgres'),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

export function start(directory: string, options: Partial<EmbeddedPostgresOptions> = {}) {
  return startEmbeddedPostgres({ directory, log, fast: true, ...options });
}

/** One query on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function readPid(directory: string): Promise<number> {
  return Number.parseInt(await readFile(path.join(directory, 'postmaster.pid'), 'utf8'), 10);
}
