import { loadConfig } from '@suvidha/config';
import { createPool, uuidv7 } from '@suvidha/db';
import { demoPeople } from '@suvidha/demo';
import type { SubgraphApp } from '@suvidha/subgraph';
import {
  createPrivacyRequests,
  createTestEnvironment,
  type PrivacyRequests,
  testDependencies,
} from '@suvidha/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commerceVariables, createCommerceApp } from '../src/index.ts';

let app: SubgraphApp;
let pool: Pool;
let requests: PrivacyRequests;

beforeAll(async () => {
  const config = loadConfig(commerceVariables, await createTestEnvironment('commerce'));
  app = await createCommerceApp(testDependencies(config));
  pool = createPool(config.database.url, { applicationName: 'test', max: 2 });
  requests = createPrivacyRequests(pool, userId);
});

afterAll(() => Promise.all([app.stop(), pool.end()]));

const userId = demoPeople.customer.id;

it('gives a person what it knows of them', async () => {
  const exportId = uuidv7();
  const event = requests.export(exportId);
  await app.consume(event);
  await app.consume(event);
  const [part, ...more] = await requests.answers('export.part_ready');
  expect(more).toEqual([]);
  expect(part).toMatchObject({ exportId, subgraph: 'commerce', piece: 0, pieces: 1 });
  expect(JSON.parse(part!.text)).toMatchObject({
    cart: { userId, items: [{ quantity: 2 }, { quantity: 1 }] },
  });
});

it('forgets a person, and what it gave them, however often it is asked', async () => {
  await app.consume(requests.erasure());
  await app.consume(requests.erasure());
  const { rows } = await pool.query(`select 1 from cart where user_id = $1`, [userId]);
  expect(rows).toEqual([]);
  expect(await requests.answers('erasure.completed')).toEqual([
    { userId, erasureId: requests.pseudonym, subgraph: 'commerce' },
    { userId, erasureId: requests.pseudonym, subgraph: 'commerce' },
  ]);
  expect((await requests.answers('export.part_ready')).map(({ text }) => text)).toEqual(['']);
});
