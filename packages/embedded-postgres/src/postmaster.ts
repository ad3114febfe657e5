import { randomBytes } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { findCommandLine } from './process.ts';

/** A live server as its lock file `postmaster.pid` describes it. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDirectory: string;
  readonly port: number;
  /** Whether the server says that it accepts connections. */
  readonly isReady: boolean;
}

/**
 * The live server of a data directory. A lock file alone proves nothing: after a crash its number may belong to
 * anything, and in a container it usually does, so the process must also have been started for this directory.
 */
export async function findPostmaster(dataDirectory: string): Promise<Postmaster | null> {
  const lines = (await readLockFile(dataDirectory)).split('\n');
  // https://www.postgresql.org/docs/18/storage-file-layout.html, postmaster.pid
  const [pid, lockedDirectory, , port, socketDirectory, , , status] = lines.map((line) => line.trim());
  if (lockedDirectory !== dataDirectory) return null;
  if (!(await isPostmaster(Number(pid), dataDirectory))) return null;
  return {
    pid: Number(pid),
    socketDirectory: socketDirectory ?? '',
    port: Number(port),
    isReady: status === 'ready',
  };
}

/** Whether the process is (still) the server of this data directory. */
export async function isPostmaster(pid: number, dataDirectory: string): Promise<boolean> {
  const words = (await findCommandLine(pid))?.split(' -') ?? [];
  return words.includes(`D ${dataDirectory}`);
}

/**
 * Takes a lock file out of the way that no live server of this directory stands behind; PostgreSQL does so itself only
 * when no process at all has its number. Should another starter have put a new server's file there in between, it is
 * put back; a second server on the same data is impossible in any case, for PostgreSQL also locks by shared memory.
 */
export async function removeStaleLockFile(dataDirectory: string): Promise<void> {
  const lockFile = path.join(dataDirectory, 'postmaster.pid');
  if ((await readLockFile(dataDirectory)) === '' || (await findPostmaster(dataDirectory)) !== null) return;
  const aside = `${lockFile}.${randomBytes(4).toString('hex')}`;
  await rename(lockFile, aside).catch(() => undefined);
  const [pid] = (await readFile(aside, 'utf8').catch(() => '')).split('\n');
  if (await isPostmaster(Number(pid), dataDirectory)) await rename(aside, lockFile);
  else await rm(aside, { force: true });
}

async function readLockFile(dataDirectory: string): Promise<string> {
  return readFile(path.join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '');
}
