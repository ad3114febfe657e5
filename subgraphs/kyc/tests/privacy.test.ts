import { loadConfig } from '@suvidha/config';
import { createPool, uuidv7 } from '@suvidha/db';
import { demoPeople } from '@suvidha/demo';
import type { DomainEvent } from '@suvidha/events';
import type { SubgraphApp } from '@suvidha/subgraph';
import { createTestEnvironment, testDependencies } from '@suvidha/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKycApp, kycVariables } from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: payloads are checked field by field
type Json = any;

let app: SubgraphApp;
let pool: Pool;

beforeAll(async () => {
  const config = loadConfig(kycVariables, await createTestEnvironment('kyc'));
  app = await createKycApp(testDependencies(config));
  pool = createPool(config.database.url, { applicationName: 'test', max: 2 });
});

afterAll(() => Promise.all([app.stop(), pool.end()]));

const userId = demoPeople.customer.id;

function request(type: 'user.export_requested' | 'user.erasure_requested', payload: object): DomainEvent {
  return {
    id: uuidv7(),
    type,
    schemaVersion: 1,
    aggregateType: 'user',
    aggregateId: userId,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload,
  } as DomainEvent;
}

async function answers(type: string): Promise<Json[]> {
  const text = 'select payload from event_log where aggregate_id = $1 and type = $2 order by version';
  return (await pool.query(text, [userId, type])).rows.map(({ payload }) => payload);
}

const pseudonym = uuidv7();
const erasure = () => request('user.erasure_requested', { userId, erasureId: pseudonym, pseudonym });

it('gives a person what it knows of them', async () => {
  const exportId = uuidv7();
  const event = request('user.export_requested', { userId, exportId });
  await app.consume(event);
  await app.consume(event);
  const [part, ...more] = await answers('export.part_ready');
  expect(more).toEqual([]);
  expect(part).toMatchObject({ exportId, subgraph: 'kyc', piece: 0, pieces: 1 });
  expect(JSON.parse(part.text)).toMatchObject({ verifications: [{ userId, status: 'VERIFIED' }] });
});

it('forgets a person, and what it gave them, however often it is asked', async () => {
  await app.consume(erasure());
  await app.consume(erasure());
  const { rows } = await pool.query(`select 1 from kyc_verification where user_id = $1`, [userId]);
  expect(rows).toEqual([]);
  expect(await answers('erasure.completed')).toEqual([
    { userId, erasureId: pseudonym, subgraph: 'kyc' },
    { userId, erasureId: pseudonym, subgraph: 'kyc' },
  ]);
  expect((await answers('export.part_ready')).map(({ text }) => text)).toEqual(['']);
});
