import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffSchema, isUniqueViolation, transaction, uuidv7 } from '../src/index.ts';
import {
  type CatalogClient,
  type CatalogTx,
  createCatalogClient,
  generateClient,
  openPool,
  readSchema,
  type Server,
  startServer,
} from './fixture/catalog.ts';

let server: Server;
let pool: ReturnType<typeof openPool>;
let prisma: CatalogClient;

beforeAll(async () => {
  server = await startServer();
  const url = await server.createDatabase();
  pool = openPool(url);
  await pool.query((await diffSchema(url, await readSchema())) ?? '');
  prisma = await createCatalogClient(pool);
});
afterAll(async () => {
  await pool.end();
  await server[Symbol.asyncDispose]();
});

function newItem(name: string = uuidv7()) {
  return { id: uuidv7(), name, amountMinor: 100n };
}

/** Both of two transactions wait here for each other, the first time they come by. */
function createBarrier() {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === 2) resolve();
    return promise;
  };
}

describe('transaction', () => {
  it('commits the closure and answers its result', async () => {
    const item = newItem();
    expect(await transaction(prisma, (tx) => tx.item.create({ data: item }))).toEqual(item);
    expect(await prisma.$queryRaw`SELECT name FROM item WHERE id = ${item.id}::uuid`).toEqual([
      { name: item.name },
    ]);
  });

  it('runs the loser of a conflict at commit again', async () => {
    const meet = createBarrier();
    let runs = 0;
    const countAndAdd = async (tx: CatalogTx) => {
      runs += 1;
      const before = await tx.item.count();
      await meet();
      await tx.item.create({ data: newItem() });
      return before;
    };
    const add = () => transaction(prisma, countAndAdd, { isolation: 'Serializable' });
    const [first, second] = await Promise.all([add(), add()]);
    expect(runs).toBe(3);
    expect(Math.abs(first - second)).toBe(1);
  });

  it('runs the loser of a deadlock again', async () => {
    const [a, b] = [newItem('deadlock a'), newItem('deadlock b')];
    for (const data of [a, b]) await prisma.item.create({ data });
    const meet = createBarrier();
    let runs = 0;
    const touch = (names: readonly string[]) =>
      transaction(prisma, async (tx) => {
        runs += 1;
        await tx.$executeRaw`SET LOCAL deadlock_timeout = '10ms'`;
        for (const name of names) {
          await tx.item.update({ where: { name }, data: { amountMinor: 1n } });
          await meet();
        }
      });
    await Promise.all([touch([a.name, b.name]), touch([b.name, a.name])]);
    expect(runs).toBe(3);
  });

  it('gives up after five conflicts, those of raw SQL included', async () => {
    let runs = 0;
    const conflict = transaction(prisma, async (tx) => {
      runs += 1;
      await tx.$executeRaw`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`;
    });
    await expect(conflict).rejects.toThrow();
    expect(runs).toBe(5);
  });

  it('does not repeat after any other error', async () => {
    let runs = 0;
    const failure = transaction(prisma, async () => {
      runs += 1;
      throw new Error('domain');
    });
    await expect(failure).rejects.toThrow('domain');
    expect(runs).toBe(1);
  });
});

describe('isUniqueViolation', () => {
  it('names the constraint that a model query hit', async () => {
    const item = newItem();
    await prisma.item.create({ data: item });
    const error = await prisma.item
      .create({ data: { ...item, id: uuidv7() } })
      .catch((cause: unknown) => cause);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'item_name_key')).toBe(true);
    expect(isUniqueViolation(error, 'item_pkey')).toBe(false);
  });

  it('knows raw SQL too, and other errors not', async () => {
    const item = newItem();
    const insert = (amountMinor: bigint | string) =>
      prisma.$executeRaw`INSERT INTO item VALUES (${item.id}::uuid, ${item.name}, ${amountMinor}::bigint)`;
    await insert(1n);
    expect(isUniqueViolation(await insert(1n).catch((cause: unknown) => cause), 'item_pkey')).toBe(true);
    expect(isUniqueViolation(await insert('x').catch((cause: unknown) => cause))).toBe(false);
    expect(isUniqueViolation(new Error('item_pkey'))).toBe(false);
  });
});

describe('prisma/generate.mjs', () => {
  it('generates anew only when the schema is another than last time', async () => {
    const output = await generateClient();
    const client = path.join(output, 'client.ts');
    const { mtimeMs } = await stat(client);
    await generateClient();
    expect((await stat(client)).mtimeMs).toBe(mtimeMs);
    await writeFile(path.join(output, '.schema-hash'), 'of another schema');
    await generateClient();
    expect((await stat(client)).mtimeMs).not.toBe(mtimeMs);
    expect(await readFile(path.join(output, '.schema-hash'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  });
});
