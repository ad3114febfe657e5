import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  mkdir,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Log } from '@suvidha/log';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import { canUse, getUnprivilegedUser, giveTo, type ServerUser } from './server-user.ts';

/** Where the server's files are, and as whom it runs. */
export interface Layout {
  readonly user: ServerUser;
  /** Folder with `bin`, `lib` and `share` that the server's user can read. */
  readonly binaries: string;
  readonly majorVersion: number;
  /** The real folder of the cluster: where the directory asked for is a link, its target. */
  readonly dataDirectory: string;
}

export interface LayoutOptions {
  readonly directory: string;
  readonly binaries: Binaries;
  /** How to run when we are root; `auto` tries a user namespace first. No effect for an ordinary user. */
  readonly privileges: 'auto' | 'namespace' | 'switched';
  /** Where files go that root's own folders would hide from the server's user. */
  readonly sharedDirectory: string;
  readonly log: Log;
}

/**
 * Decides as whom the server runs and where its files are.
 *
 * A cluster that belongs to another user keeps running as that user. Otherwise root's server runs in a user namespace,
 * or, where that is not allowed, as `nobody`: then binaries and data that `nobody` can't reach live in
 * `sharedDirectory`, and a symbolic link at the directory asked for says where, so that the next start finds the data
 * and deleting the link starts afresh.
 *
 * @throws EmbeddedPostgresError with the reason why the directory can't be used
 */
export async function createLayout(options: LayoutOptions): Promise<Layout> {
  const { binaries } = options;
  const directory = await resolveDirectory(options.directory);
  const direct = {
    binaries: binaries.directory,
    majorVersion: binaries.majorVersion,
    dataDirectory: directory,
  };
  if (process.getuid?.() !== 0) {
    await assertWritable(directory);
    return { ...direct, user: { kind: 'direct' } };
  }
  const owner = await findClusterOwner(directory);
  if (options.privileges !== 'switched' && (owner === null || owner.uid === 0)) {
    const user: ServerUser = { kind: 'namespace', uid: (await getUnprivilegedUser()).uid };
    if (await canUse(user, binaries.directory, path.dirname(directory))) return { ...direct, user };
  }
  return createSwitchedLayout({ ...options, directory }, owner);
}

async function createSwitchedLayout(options: LayoutOptions, owner: ClusterOwner | null): Promise<Layout> {
  const { directory, binaries, sharedDirectory } = options;
  if (owner?.uid === 0) {
    throw new EmbeddedPostgresError(
      'POSTGRES_DIRECTORY_UNREADABLE',
      `The database in ${directory} belongs to root, as whom PostgreSQL refuses to run: allow user namespaces, or give the folder to an ordinary user with chown -R.`,
    );
  }
  const user: ServerUser = { kind: 'switched', ...(owner ?? (await getUnprivilegedUser())) };
  const readable = (await canUse(user, binaries.directory, '/'))
    ? binaries.directory
    : await copyBinaries(binaries, sharedDirectory);
  const reachable = owner !== null || (await canUse(user, readable, path.dirname(directory)));
  const dataDirectory = reachable ? directory : await relocate(options, user);
  return { user, binaries: readable, majorVersion: binaries.majorVersion, dataDirectory };
}

/** Resolves links, and creates the parent folder, which others may pass through: root's server may run as one of them. */
async function resolveDirectory(directory: string): Promise<string> {
  const absolute = path.resolve(directory);
  try {
    await mkdir(path.dirname(absolute), { recursive: true, mode: 0o711 });
    const isLink = (await lstat(absolute).catch(() => null))?.isSymbolicLink() ?? false;
    if (isLink && !existsSync(absolute)) throw danglingLink(absolute);
    if (existsSync(absolute)) return await realpath(absolute);
    return path.join(await realpath(path.dirname(absolute)), path.basename(absolute));
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? error : notWritable(absolute, error);
  }
}

async function assertWritable(directory: string): Promise<void> {
  const folder = existsSync(directory) ? directory : path.dirname(directory);
  await access(folder, constants.W_OK | constants.X_OK).catch((error) => {
    throw notWritable(directory, error);
  });
}

function notWritable(directory: string, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'POSTGRES_DIRECTORY_NOT_WRITABLE',
    `The data directory ${directory} can't be written: give this user access to it, or choose another data directory.`,
    { cause },
  );
}

function danglingLink(directory: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'POSTGRES_DIRECTORY_NOT_A_CLUSTER',
    `The data directory ${directory} is a link to a folder that is gone: restore that folder, or delete the link to start with an empty database.`,
  );
}

interface ClusterOwner {
  readonly uid: number;
  readonly gid: number;
}

async function findClusterOwner(directory: string): Promise<ClusterOwner | null> {
  if (!existsSync(path.join(directory, 'PG_VERSION'))) return null;
  const { uid, gid } = await stat(directory);
  return { uid, gid };
}

/** The default for {@link LayoutOptions.sharedDirectory}: it survives a restart of the machine where that is possible. */
export function defaultSharedDirectory(): string {
  return path.join(existsSync('/var/lib') ? '/var/lib' : os.tmpdir(), 'suvidha-postgres');
}

/** Copies the binaries under a temporary name and then renames, so that nobody ever runs half a copy. */
async function copyBinaries({ directory, version }: Binaries, sharedDirectory: string): Promise<string> {
  const target = path.join(sharedDirectory, `binaries-${version}-${process.arch}`);
  await createSharedDirectory(sharedDirectory);
  if (existsSync(target)) return target;
  const temporary = `${target}.${randomBytes(6).toString('hex')}`;
  await cp(directory, temporary, { recursive: true, verbatimSymlinks: true });
  await makeReadable(temporary);
  await rename(temporary, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(temporary, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return target;
}

/** The folder is root's alone to write: otherwise whoever could put binaries there would run them through us. */
async function createSharedDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const { uid, mode } = await lstat(directory);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new EmbeddedPostgresError(
      'POSTGRES_DIRECTORY_UNREADABLE',
      `The folder ${directory} can be written by other users: remove it, or start as an ordinary user.`,
    );
  }
  await chmod(directory, 0o755);
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { mode } = await stat(file);
    const isProgram = entry.isDirectory() || (mode & 0o100) !== 0;
    await chmod(file, isProgram ? 0o755 : 0o644);
  }
}

async function relocate(
  { directory, sharedDirectory, log }: LayoutOptions,
  user: ServerUser,
): Promise<string> {
  await createSharedDirectory(sharedDirectory);
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const home = path.join(sharedDirectory, `data-${key}-${randomBytes(4).toString('hex')}`);
  const target = path.join(home, 'postgres');
  await mkdir(target, { recursive: true });
  await chmod(home, 0o755);
  await chmod(target, 0o700);
  await giveTo(user, target);
  if (existsSync(directory)) await rmdir(directory).catch(() => undefined);
  try {
    await symlink(target, directory);
  } catch {
    // Another starter was first, or the directory holds something else, which the caller then refuses.
    await rm(home, { recursive: true });
    return await realpath(directory);
  }
  log.warn({ directory, target }, 'The database lives outside its directory, where the server may read it');
  return target;
}
