import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '@suvidha/log';
import { withAdvisoryLock } from './advisory-lock.ts';
import { createPool } from './pool.ts';
import { type SchemaEngine, withSchemaEngine } from './schema-engine.ts';

export interface MigrationOptions {
  /** Address of an existing database. */
  readonly url: string;
  /** Folder with one folder per migration and a `migration_lock.toml`, as Prisma lays it out. */
  readonly migrationsDirectory: string;
  readonly log: Log;
}

/** A migration could not be applied, or an earlier one failed and was never resolved (`P3009`). */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  /** Prisma's code, where there is one: https://www.prisma.io/docs/orm/reference/error-reference */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    const { message, code } = cause as Error & { code?: string };
    // What follows is the engine's own stack.
    super(message.split(/\n\s+0: /)[0]?.trim(), { cause });
    this.code = code;
  }
}

type MigrationList = Parameters<SchemaEngine['applyMigrations']>[0]['migrationsList'];

/**
 * Applies the migrations that are missing, in order, each in a transaction, and records them in `_prisma_migrations` as
 * `prisma migrate deploy` does. Processes that start at once take turns, so each migration runs once.
 *
 * @returns names of the migrations that were applied now
 * @throws MigrationError
 */
export async function runMigrations({ url, migrationsDirectory, log }: MigrationOptions): Promise<string[]> {
  const migrationsList = await loadMigrations(migrationsDirectory);
  const pool = createPool(url, { applicationName: 'suvidha-migrations', max: 1, log });
  try {
    const names = await withAdvisoryLock(pool, 'suvidha:migrations', () =>
      applyMigrations(url, migrationsList),
    );
    if (names.length > 0) log.info({ migrations: names }, 'Database migrated');
    return names;
  } finally {
    await pool.end();
  }
}

async function applyMigrations(url: string, migrationsList: MigrationList): Promise<string[]> {
  return withSchemaEngine(url, async (engine) => {
    const filters = { externalTables: [], externalEnums: [] };
    const applied = await engine.applyMigrations({ migrationsList, filters }).catch((cause) => {
      throw new MigrationError(cause);
    });
    return applied.appliedMigrationNames;
  });
}

/** Reads the folder as the engine wants it; a folder that does not exist holds no migrations. */
async function loadMigrations(directory: string): Promise<MigrationList> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const lockfile = 'migration_lock.toml';
  return {
    baseDir: directory,
    lockfile: {
      path: lockfile,
      content: await readFile(path.join(directory, lockfile), 'utf8').catch(() => null),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.sort().map((name) => loadMigration(directory, name))),
  };
}

type MigrationDirectory = MigrationList['migrationDirectories'][number];

async function loadMigration(directory: string, name: string): Promise<MigrationDirectory> {
  const value = await readFile(path.join(directory, name, 'migration.sql'), 'utf8');
  return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
}
