import { uuidv7 } from '@suvidha/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEventConsumer,
  createEventStore,
  createInProcessBus,
  type DomainEvent,
  type EventStore,
  type LiveBus,
  readTimeline,
} from '../src/index.ts';
import {
  type Db,
  type EventDatabase,
  insertPayment,
  lockPayment,
  log,
  newStatusEvent,
  openEventDatabase,
  settledEvent,
} from './events.fixture.ts';

let database: EventDatabase;
let bus: LiveBus;
let store: EventStore<Db>;

beforeAll(async () => {
  database = await openEventDatabase();
  bus = createInProcessBus();
  store = createEventStore<Db>({ db: database.db, bus, log });
});
afterAll(() => database[Symbol.asyncDispose]());

const append = (paymentId: string, ...statuses: string[]) =>
  store.transact(async (unit) => {
    await lockPayment(unit.tx, paymentId);
    for (const status of statuses) await unit.append(newStatusEvent(paymentId, status));
  });

const readLog = (aggregateId: string) =>
  readTimeline(database.db, { aggregateType: 'payment', aggregateId }, 1_000);

async function jobsOf(eventId: string): Promise<{ consumer: string; event: DomainEvent }[]> {
  const { rows } = await database.pool.query(
    `select payload from graphile_worker._private_jobs where payload -> 'event' ->> 'id' = $1`,
    [eventId],
  );
  return rows.map(({ payload }) => payload);
}

describe('append', () => {
  it('counts versions up without gaps under parallel transactions, some of which fail', async () => {
    const paymentId = await insertPayment(database.db);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 24 }, (_unused, index) =>
        index % 4 === 3
          ? store.transact(async (unit) => {
              await lockPayment(unit.tx, paymentId);
              await unit.append(newStatusEvent(paymentId));
              throw new Error('rolled back');
            })
          : append(paymentId, `${index}a`, `${index}b`),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
    const versions = (await readLog(paymentId)).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 36 }, (_unused, index) => index + 1));
  });

  it('counts each aggregate by itself', async () => {
    const [one, two] = [await insertPayment(database.db), await insertPayment(database.db)];
    await Promise.all([append(one, 'A', 'B'), append(two, 'A')]);
    expect((await readLog(one)).map(({ version }) => version)).toEqual([1, 2]);
    expect((await readLog(two)).map(({ version }) => version)).toEqual([1]);
  });

  it('adds one delivery job per consumer, with the event as it is stored', async () => {
    const { payload } = settledEvent();
    const billId = payload.payable.id;
    const type = 'payable.settled';
    await store.transact((unit) =>
      unit.append({ type, aggregateType: 'bill', aggregateId: billId, payload }),
    );
    const [stored] = await readTimeline(database.db, { aggregateType: 'bill', aggregateId: billId }, 1);
    expect(await jobsOf(stored!.id)).toEqual([{ consumer: 'payments', event: stored }]);
  });

  it('tells the live bus what was committed, in order, and nothing else', async () => {
    const paymentId = await insertPayment(database.db);
    const heard: DomainEvent[] = [];
    const stop = await bus.subscribe({ aggregateType: 'payment', aggregateId: paymentId }, (event) =>
      heard.push(event),
    );
    await append(paymentId, 'A', 'B');
    await expect(
      store.transact(async (unit) => {
        await lockPayment(unit.tx, paymentId);
        await unit.append(newStatusEvent(paymentId, 'C'));
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    stop();
    await append(paymentId, 'D');
    const timeline = await readLog(paymentId);
    expect(heard).toEqual(timeline.slice(0, 2));
    expect(timeline.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('is not harmed by a bus that cannot be reached', async () => {
    const paymentId = await insertPayment(database.db);
    const dead = { ...createInProcessBus(), publish: async () => Promise.reject(new Error('away')) };
    const deaf = createEventStore<Db>({ db: database.db, bus: dead, log });
    await deaf.transact((unit) => unit.append(newStatusEvent(paymentId)));
    expect(await readLog(paymentId)).toHaveLength(1);
  });
});

describe('a consumer', () => {
  /** Counts what it applies by a row in the transaction that applies it. */
  const createCounting = (apply: (paymentId: string) => void = () => undefined) =>
    createEventConsumer(store, {
      'payable.settled': async ({ tx, event }) => {
        apply(event.payload.paymentId);
        await tx.refund.create({
          data: {
            id: uuidv7(),
            paymentId: event.payload.paymentId,
            amountMinor: 1n,
            currency: 'INR',
            cause: 'OWNER',
            reason: 'a test',
            key: uuidv7(),
            requestedBy: 'a test',
          },
        });
      },
    });
  const countApplied = (paymentId: string) => database.db.refund.count({ where: { paymentId } });

  it('applies an event once under parallel and repeated deliveries', async () => {
    const paymentId = await insertPayment(database.db);
    const consume = createCounting();
    const event = settledEvent(paymentId);
    await Promise.all(Array.from({ length: 10 }, () => consume(event)));
    await consume(event);
    expect(await countApplied(paymentId)).toBe(1);
  });

  it('applies two events of the same content twice', async () => {
    const paymentId = await insertPayment(database.db);
    const consume = createCounting();
    await Promise.all([consume(settledEvent(paymentId)), consume(settledEvent(paymentId))]);
    expect(await countApplied(paymentId)).toBe(2);
  });

  it('has not seen an event that it failed to apply', async () => {
    const paymentId = await insertPayment(database.db);
    let failures = 1;
    const consume = createCounting(() => {
      failures -= 1;
      if (failures >= 0) throw new Error('not now');
    });
    const event = settledEvent(paymentId);
    await expect(consume(event)).rejects.toThrow('not now');
    expect(await countApplied(paymentId)).toBe(0);
    await consume(event);
    expect(await countApplied(paymentId)).toBe(1);
  });

  it('acknowledges what it has no use for', async () => {
    await createEventConsumer(store, {})(settledEvent());
  });
});
