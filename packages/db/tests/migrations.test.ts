import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffSchema, MigrationError, runMigrations } from '../src/index.ts';
import {
  createMigrationsFolder,
  log,
  type MigrationsFolder,
  openPool,
  readSchema,
  type Server,
  startServer,
} from './fixture/catalog.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

function migrate(url: string, folder: MigrationsFolder): Promise<string[]> {
  return runMigrations({ url, migrationsDirectory: folder.directory, log });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  await using pool = openPool(url);
  return (await pool.query(sql)).rows;
}

describe('runMigrations', () => {
  it('applies what is missing, in order, and records it as Prisma does', async () => {
    const url = await server.createDatabase();
    await using folder = await createMigrationsFolder();
    const checksum = await folder.add('20260101000000_init', 'CREATE TABLE item (id int)');
    expect(await migrate(url, folder)).toEqual(['20260101000000_init']);
    await folder.add('20260103000000_third', 'ALTER TABLE item DROP COLUMN name');
    await folder.add('20260102000000_second', 'ALTER TABLE item ADD COLUMN name text');
    expect(await migrate(url, folder)).toEqual(['20260102000000_second', '20260103000000_third']);
    expect(await migrate(url, folder)).toEqual([]);

    const recorded = await query(
      url,
      `SELECT migration_name, checksum, applied_steps_count, finished_at IS NOT NULL AS finished, rolled_back_at, logs
        FROM _prisma_migrations ORDER BY migration_name LIMIT 1`,
    );
    expect(recorded).toEqual([
      {
        migration_name: '20260101000000_init',
        checksum,
        applied_steps_count: 1,
        finished: true,
        rolled_back_at: null,
        logs: null,
      },
    ]);
  });

  it('runs each migration once when several processes start at once', async () => {
    const url = await server.createDatabase();
    await using folder = await createMigrationsFolder();
    await folder.add('20260101000000_init', 'CREATE TABLE item (id int); SELECT pg_sleep(0.05)');
    await folder.add('20260102000000_row', 'INSERT INTO item VALUES (1)');
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url, folder)));
    expect(applied.flat()).toEqual(['20260101000000_init', '20260102000000_row']);
    expect(await query(url, 'SELECT id FROM item')).toEqual([{ id: 1 }]);
  });

  it('runs scripts with semicolons inside function bodies, texts and comments', async () => {
    const url = await server.createDatabase();
    await using folder = await createMigrationsFolder();
    const sql = `-- one; two
      CREATE FUNCTION answer() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 42; END $$;
      CREATE TABLE item (name text DEFAULT 'a;b');`;
    await folder.add('20260101000000_init', sql);
    await migrate(url, folder);
    expect(await query(url, 'SELECT answer()')).toEqual([{ answer: 42 }]);
  });

  it('leaves nothing of a migration that fails, and stops there until it is resolved', async () => {
    const url = await server.createDatabase();
    await using folder = await createMigrationsFolder();
    await folder.add('20260101000000_broken', 'CREATE TABLE item (id int); SELECT 1 / 0;');
    const failure = await migrate(url, folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrationError);
    expect((failure as Error).message).toMatch(/division by zero$/);
    expect(await query(url, `SELECT to_regclass('item') AS item`)).toEqual([{ item: null }]);
    await expect(migrate(url, folder)).rejects.toMatchObject({ code: 'P3009' });
  });
});

describe('diffSchema', () => {
  it('writes the SQL that leads to the schema, and nothing once it is there', async () => {
    const url = await server.createDatabase();
    await using folder = await createMigrationsFolder();
    const sql = await diffSchema(url, await readSchema());
    expect(sql).toContain('CREATE TABLE "item"');
    await folder.add('20260101000000_init', sql!);
    await migrate(url, folder);
    expect(await diffSchema(url, await readSchema())).toBeNull();
  });

  it('leaves alone what a Prisma schema can not say', async () => {
    const url = await server.createDatabase();
    await using folder = await createMigrationsFolder();
    await folder.add('20260101000000_init', (await diffSchema(url, await readSchema()))!);
    await folder.add(
      '20260102000000_more',
      `ALTER TABLE item ADD CONSTRAINT positive CHECK (amount_minor > 0);
      CREATE UNIQUE INDEX cheap ON item (amount_minor) WHERE amount_minor < 100;
      CREATE INDEX lower_name ON item (lower(name));
      CREATE SEQUENCE receipt;
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
      CREATE TRIGGER touch BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION touch();`,
    );
    await migrate(url, folder);
    expect(await diffSchema(url, await readSchema())).toBeNull();
  });

  it('refuses a schema that is not valid', async () => {
    const url = await server.createDatabase();
    await expect(diffSchema(url, 'model Item { id Strin @id }')).rejects.toThrow(MigrationError);
  });
});
