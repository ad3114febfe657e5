import { identityHeader, signIdentity } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import { startJobWorker } from '@suvidha/jobs';
import { listen, type SubgraphApp, type SubgraphServer } from '@suvidha/subgraph';
import { findFreePort } from '@suvidha/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDeliveryHandlers,
  createEventStore,
  createHttpTransport,
  createInProcessBus,
  type DomainEvent,
  parseEvent,
} from '../src/index.ts';
import { log, openEventDatabase, settledEvent } from './events.fixture.ts';

const secret = 'a secret that only tests know and use';
const service = (name: string) => ({
  issuer: name,
  actor: { kind: 'service', service: name } as const,
  requestId: 'test',
});

const consumed: DomainEvent[] = [];
let refusals = 0;
let server: SubgraphServer;

/** A subgraph that does nothing but take events. */
const payments: SubgraphApp = {
  name: 'payments',
  subgraph: {} as SubgraphApp['subgraph'],
  execute: async () => ({}),
  subscribe: async () => ({}),
  consume: async (event) => {
    if (refusals > 0) {
      refusals -= 1;
      throw new Error('cannot commit');
    }
    consumed.push(event);
  },
  routes: async () => undefined,
  calls: {},
  health: async () => ({}),
  start: async () => undefined,
  stop: async () => undefined,
};

beforeAll(async () => {
  server = await listen(payments, { port: 0, internalSecret: secret, log });
});
afterAll(() => server.close());

const createTransport = (options: { secret?: string; url?: string } = {}) =>
  createHttpTransport({
    issuer: 'billing',
    secret: options.secret ?? secret,
    urls: { payments: options.url ?? server.url },
  });

describe('the HTTP transport', () => {
  it('brings an event as it is', async () => {
    const event = settledEvent();
    await createTransport()('payments', event);
    expect(consumed).toContainEqual(event);
  });

  it.each([
    ['the consumer cannot commit', {}, 1],
    ['it signs with another secret', { secret: 'some other secret of the right length' }, 0],
  ])('fails when %s', async (_why, options, failures) => {
    refusals = failures;
    const event = settledEvent();
    await expect(createTransport(options)('payments', event)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect(consumed).not.toContainEqual(event);
  });

  it('fails when nobody listens there', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`;
    await expect(createTransport({ url })('payments', settledEvent())).rejects.toThrow();
  });

  it('knows only configured consumers', async () => {
    await expect(createTransport()('nobody', settledEvent())).rejects.toBeInstanceOf(AppError);
  });
});

describe('POST /internal/events', () => {
  const post = async (body: string, signed: string | null) => {
    const headers = { 'content-type': 'application/json', ...(signed && { [identityHeader]: signed }) };
    return (await fetch(`${server.url}/internal/events`, { method: 'POST', headers, body })).status;
  };
  const sign = (body: string, change: { audience?: string; secret?: string } = {}) =>
    signIdentity(change.secret ?? secret, service('billing'), {
      audience: change.audience ?? 'payments',
      operation: body,
    });

  it('takes what is signed for it', async () => {
    const body = JSON.stringify(settledEvent());
    expect(await post(body, sign(body))).toBe(204);
  });

  it('refuses what is unsigned, changed, meant for another, or signed by another', async () => {
    const event = settledEvent();
    const body = JSON.stringify(event);
    const other = JSON.stringify({ ...event, payload: { ...event.payload, amountMinor: 1 } });
    const answers = await Promise.all([
      post(body, null),
      post(body, 'nonsense'),
      post(other, sign(body)),
      post(body, sign(body, { audience: 'billing' })),
      post(body, sign(body, { secret: 'some other secret of the right length' })),
    ]);
    expect(answers).toEqual([401, 401, 401, 401, 401]);
    expect(consumed.map(({ id }) => id)).not.toContain(event.id);
  });

  it('refuses a person, though the gateway vouches for them', async () => {
    const body = JSON.stringify(settledEvent());
    const person = { ...service('gateway'), actor: { kind: 'anonymous' } as const };
    expect(await post(body, signIdentity(secret, person, { audience: 'payments', operation: body }))).toBe(
      401,
    );
  });
});

describe('the delivery job', () => {
  it('comes again until the consumer has committed', async () => {
    await using database = await openEventDatabase();
    const { promise: delivered, resolve } = Promise.withResolvers<DomainEvent>();
    const { promise: failedOnce, resolve: fail } = Promise.withResolvers<void>();
    let attempts = 0;
    const handlers = createDeliveryHandlers(async (consumer, event) => {
      attempts += 1;
      expect(consumer).toBe('payments');
      if (attempts === 1) {
        fail();
        throw new Error('away');
      }
      resolve(event);
    });
    const worker = await startJobWorker({ pool: database.pool, handlers, log });
    const store = createEventStore({ db: database.db, bus: createInProcessBus(), log });
    const { payload } = settledEvent();
    const aggregateId = payload.payable.id;
    await store.transact((unit) =>
      unit.append({ type: 'payable.settled', aggregateType: 'bill', aggregateId, payload }),
    );
    await failedOnce;
    await waitUntilFree(database.pool);
    await database.pool.query(
      `select graphile_worker.reschedule_jobs(array_agg(id), run_at := now()) from graphile_worker.jobs`,
    );
    expect(await delivered).toMatchObject({ type: 'payable.settled', aggregateId, version: 1, payload });
    await worker.stop();
    const { rows } = await database.pool.query('select id from graphile_worker.jobs');
    expect(rows).toEqual([]);
  });

  /** The failure is on record, so that the next attempt can be brought forward. */
  async function waitUntilFree(pool: { query(text: string): Promise<{ rowCount: number | null }> }) {
    const query = 'select from graphile_worker.jobs where attempts = 1 and locked_at is null';
    while ((await pool.query(query)).rowCount === 0);
  }
});

describe('parseEvent', () => {
  it('reads what was written', () => {
    const event = settledEvent();
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it.each([
    ['an unknown type', { type: 'payable.eaten' }],
    ['an unknown version of the shape', { schemaVersion: 2 }],
    ['a payload of another type', { payload: { userId: 'x' } }],
    ['no version', { version: 0 }],
  ])('refuses %s', (_what, change) => {
    expect(() => parseEvent({ ...settledEvent(), ...change })).toThrow();
  });
});
