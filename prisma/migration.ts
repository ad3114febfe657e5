// Writes the migration that takes a subgraph's database to its schema.prisma, or checks that none is missing:
//   npm run migration -- <subgraph> <name>
//   npm run migration -- --check
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { diffSchema, ensureDatabase, runMigrations } from '@suvidha/db';
import { startEmbeddedPostgres } from '@suvidha/embedded-postgres';
import { createLog } from '@suvidha/log';

const usage = 'usage: npm run migration -- <subgraph> <name_of_the_change>, or npm run migration -- --check';
const log = createLog({ service: 'migration', level: 'warn' });

/** Migrations of a subgraph, and the schema they are to lead to. */
function toPaths(subgraph: string) {
  const directory = path.join(import.meta.dirname, subgraph);
  return {
    schemaFile: path.join(directory, 'schema.prisma'),
    migrations: path.join(directory, 'migrations'),
  };
}

async function loadSubgraphs(): Promise<string[]> {
  const names = await readdir(import.meta.dirname);
  return names.filter((name) => existsSync(toPaths(name).schemaFile));
}

/** Applies all migrations to an empty database and answers what its schema then lacks. */
async function findDifference(subgraph: string, url: string): Promise<string | null> {
  const { schemaFile, migrations } = toPaths(subgraph);
  await ensureDatabase(url);
  await runMigrations({ url, migrationsDirectory: migrations, log });
  return diffSchema(url, await readFile(schemaFile, 'utf8'));
}

/** Runs `fn` with a server that holds nothing and is gone afterwards. */
async function withScratchServer<T>(fn: (url: (database: string) => string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'suvidha-migration-'));
  // Where root's server has to run as another user, that user must get through.
  await chmod(directory, 0o755);
  try {
    await using server = await startEmbeddedPostgres({
      directory: path.join(directory, 'pg'),
      log,
      fast: true,
    });
    return await fn(server.url);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Migrations are only ever added: one that may have run anywhere is never written again, nor is one put before it. */
async function nextFolder(migrations: string, name: string): Promise<string> {
  const timestamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folders = existsSync(migrations) ? await readdir(migrations, { withFileTypes: true }) : [];
  const last = folders
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .at(-1);
  if (last !== undefined && last.slice(0, 14) >= timestamp) {
    throw new Error(
      `The migration ${last} is not older than now: set the clock, or rename it if it ran nowhere yet.`,
    );
  }
  return path.join(migrations, `${timestamp}_${name}`);
}

async function createMigration(subgraph: string, name: string): Promise<void> {
  const { migrations } = toPaths(subgraph);
  const sql = await withScratchServer((url) => findDifference(subgraph, url(subgraph)));
  if (sql === null) return console.log(`${subgraph}: no changes.`);
  const folder = await nextFolder(migrations, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'migration.sql'), sql);
  await writeFile(path.join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  console.log(`${subgraph}: wrote ${path.relative(process.cwd(), folder)}. Read it before you commit it.`);
}

async function check(): Promise<void> {
  const subgraphs = await loadSubgraphs();
  await withScratchServer(async (url) => {
    for (const subgraph of subgraphs) {
      const isMissing = (await findDifference(subgraph, url(subgraph))) !== null;
      if (isMissing) process.exitCode = 1;
      console.log(
        isMissing ? `${subgraph}: its schema has changes without a migration.` : `${subgraph}: no changes.`,
      );
    }
  });
}

async function run(args: readonly string[]): Promise<void> {
  const [subgraph = '', name = ''] = args;
  if (subgraph === '--check') return check();
  if (!existsSync(toPaths(subgraph).schemaFile) || !/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(usage);
  return createMigration(subgraph, name);
}

await run(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
// The schema engine leaves a timer of ten seconds behind, with which it watches over its lock.
process.exit();
