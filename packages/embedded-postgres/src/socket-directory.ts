import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import type { Layout } from './layout.ts';
import { giveTo } from './server-user.ts';

export const port = 5432;

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, with a closing zero byte. */
const maxPathBytes = 103;

/**
 * A folder for the server's socket that only its user can open: the data directory, or where its path is too long for a
 * socket, a folder in the system's temporary one, named after it.
 *
 * @throws EmbeddedPostgresError `POSTGRES_DIRECTORY_UNREADABLE` when someone else made that folder
 */
export async function createSocketDirectory(layout: Layout): Promise<string> {
  const { dataDirectory } = layout;
  if (fits(dataDirectory)) return dataDirectory;
  const hash = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16);
  const directory = path.join(fits(longestName(os.tmpdir())) ? os.tmpdir() : '/tmp', `suvidha-${hash}`);
  const isNew = (await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined;
  if (isNew) await giveTo(layout.user, directory);
  await assertPrivate(directory, layout);
  return directory;
}

function longestName(directory: string): string {
  return path.join(directory, `suvidha-${'0'.repeat(16)}`);
}

function fits(directory: string): boolean {
  return Buffer.byteLength(path.join(directory, `.s.PGSQL.${port}`)) <= maxPathBytes;
}

async function assertPrivate(directory: string, { user }: Layout): Promise<void> {
  const expectedUid = user.kind === 'switched' ? user.uid : process.getuid?.();
  const folder = await lstat(directory);
  if (folder.isDirectory() && folder.uid === expectedUid) return chmod(directory, 0o700);
  throw new EmbeddedPostgresError(
    'POSTGRES_DIRECTORY_UNREADABLE',
    `The folder ${directory} belongs to another user: remove it, or choose a data directory with a shorter path.`,
  );
}
