import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import type { Layout } from './layout.ts';
import { isAlive } from './process.ts';
import { giveTo, runAs } from './server-user.ts';

/** The server's superuser; only processes that can open its socket folder get to log in. */
export const superuser = 'postgres';

/** `C.UTF-8` of PostgreSQL itself: text sorts by code point, the same on every machine and after every upgrade. */
const initdbOptions = [
  `--username=${superuser}`,
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--auth-local=trust',
  '--auth-host=reject',
];

/**
 * Creates the cluster unless it exists. It is made under another name and renamed when complete, so a crash in the
 * middle leaves no half cluster, and of two starters at once one wins and the other uses its cluster.
 *
 * @throws EmbeddedPostgresError when the directory holds something else, or a cluster of another major version
 */
export async function ensureCluster(layout: Layout, { fast }: { readonly fast: boolean }): Promise<void> {
  const { dataDirectory } = layout;
  await removeLeftovers(dataDirectory);
  if (!existsSync(path.join(dataDirectory, 'PG_VERSION'))) {
    await assertEmpty(dataDirectory);
    await createCluster(layout, { fast });
  }
  await assertVersion(layout);
}

async function createCluster(layout: Layout, { fast }: { readonly fast: boolean }): Promise<void> {
  const { dataDirectory, user } = layout;
  const temporary = `${temporaryPrefix(dataDirectory)}${process.pid}-${randomBytes(4).toString('hex')}`;
  await mkdir(temporary, { mode: 0o700 });
  await giveTo(user, temporary);
  const initdb = path.join(layout.binaries, 'bin/initdb');
  const options = fast ? [...initdbOptions, '--no-sync'] : initdbOptions;
  await runAs(user, initdb, [...options, '-D', temporary]).catch(async (cause) => {
    await rm(temporary, { recursive: true, force: true });
    throw startFailed(`PostgreSQL could not create its data directory ${dataDirectory}`, cause);
  });
  await rename(temporary, dataDirectory).catch(async (error: NodeJS.ErrnoException) => {
    await rm(temporary, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  if (!fast) await syncFolder(path.dirname(dataDirectory));
}

function startFailed(what: string, cause: unknown): EmbeddedPostgresError {
  const { stderr } = cause as { stderr?: string };
  const reason = stderr?.split('\n').find((line) => line.includes('error:')) ?? 'unknown reason';
  return new EmbeddedPostgresError('POSTGRES_START_FAILED', `${what}: ${reason.trim()}`, { cause });
}

function temporaryPrefix(dataDirectory: string): string {
  return `${dataDirectory}.init-`;
}

/** Removes what starters that died while they created a cluster have left. */
async function removeLeftovers(dataDirectory: string): Promise<void> {
  const parent = path.dirname(dataDirectory);
  const prefix = path.basename(temporaryPrefix(dataDirectory));
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (!isAlive(pid)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

async function assertEmpty(dataDirectory: string): Promise<void> {
  const entries = await readdir(dataDirectory).catch((): string[] => []);
  // A starter that was faster may have put its cluster there since we looked.
  if (entries.length === 0 || entries.includes('PG_VERSION')) return;
  throw new EmbeddedPostgresError(
    'POSTGRES_DIRECTORY_NOT_A_CLUSTER',
    `The data directory ${dataDirectory} holds files that are not a database: choose an empty or new data directory.`,
  );
}

async function assertVersion({ dataDirectory, majorVersion }: Layout): Promise<void> {
  const found = (await readFile(path.join(dataDirectory, 'PG_VERSION'), 'utf8')).trim();
  if (found === String(majorVersion)) return;
  throw new EmbeddedPostgresError(
    'POSTGRES_VERSION_MISMATCH',
    `The data directory ${dataDirectory} belongs to PostgreSQL ${found} and this is PostgreSQL ${majorVersion}: move its data with a dump, or choose another data directory.`,
  );
}

/** Makes the rename itself survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
