import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, diffSchema, raw } from '../src/index.ts';
import {
  type CatalogClient,
  createCatalogClient,
  log,
  readSchema,
  type Server,
  startServer,
} from './fixture/catalog.ts';

let server: Server;
let pool: ReturnType<typeof createPool>;
let prisma: CatalogClient;

beforeAll(async () => {
  server = await startServer();
  const url = await server.createDatabase();
  // One connection, so that what it keeps can be seen.
  pool = createPool(url, { applicationName: 'db-tests', max: 1, log });
  await pool.query((await diffSchema(url, await readSchema())) ?? '');
  prisma = await createCatalogClient(pool);
});
afterAll(async () => {
  await pool.end();
  await server[Symbol.asyncDispose]();
});

async function countKept(text: string): Promise<number> {
  const sql = 'select count(*)::int as kept from pg_prepared_statements where statement like $1';
  const { rows } = await pool.query(sql, [text]);
  return rows[0].kept;
}

describe('createClientOptions', () => {
  it('keeps a statement for the next time, whatever its values', async () => {
    for (const amount of [1, 2, 3]) await prisma.$queryRaw`select ${amount}::int as kept_once`;
    expect(await countKept('%kept_once')).toBe(1);
  });

  it('keeps some hundreds, and performs the others all the same', async () => {
    for (let n = 1; n <= 600; n++)
      expect(await prisma.$queryRaw(raw(`select ${n} as one_of_many`))).toEqual([{ one_of_many: n }]);
    expect(await countKept('%one_of_many')).toBeGreaterThan(400);
    expect(await countKept('%')).toBe(500);
  });

  it('lets several clients share connections, whatever each of them asked before', async () => {
    const other = await createCatalogClient(pool);
    await prisma.$queryRaw`select 'one' as first_of_one`;
    expect(await other.$queryRaw`select 'other' as first_of_other`).toEqual([{ first_of_other: 'other' }]);
    expect(await other.$queryRaw`select 'one' as first_of_one`).toEqual([{ first_of_one: 'one' }]);
    expect(await countKept('%first_of_one%')).toBe(1);
  });

  it('makes errors that show nothing of our code', async () => {
    const failed = prisma.item.update({ where: { name: 'nowhere' }, data: { amountMinor: 1n } });
    await expect(failed).rejects.toThrow(/^[^→]*$/);
    await expect(failed).rejects.not.toThrow('client-options.test');
  });
});
