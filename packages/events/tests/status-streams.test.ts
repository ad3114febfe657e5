import { type SqlClient, uuidv7 } from '@suvidha/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createEventStore,
  createInProcessBus,
  createStatusStreams,
  type DomainEvent,
  type EventPayload,
  type EventStore,
  type StatusStreams,
  type StatusStreamsOptions,
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
  UnreliableBus,
} from './events.fixture.ts';

type Stream = AsyncIterableIterator<DomainEvent>;

let database: EventDatabase;
let bus: UnreliableBus;
let store: EventStore<Db>;
let options: StatusStreamsOptions;
let streams: StatusStreams;
let paymentId: string;

beforeAll(async () => {
  database = await openEventDatabase();
  bus = new UnreliableBus(createInProcessBus());
  store = createEventStore<Db>({ db: database.db, bus, log });
  options = {
    aggregateType: 'payment',
    statusEvent: 'payment.status_changed',
    sql: database.db,
    bus,
    log,
    // The periodic check stays out of the way: what these tests see, they provoke.
    checkIntervalMs: 1_000_000,
  };
  streams = createStatusStreams(options);
});
beforeEach(async () => {
  bus.copies = () => 1;
  paymentId = await insertPayment(database.db);
});
afterAll(async () => {
  streams.close();
  await database[Symbol.asyncDispose]();
});

const append = (...statuses: string[]) =>
  store.transact(async (unit) => {
    await lockPayment(unit.tx, paymentId);
    for (const status of statuses) await unit.append(newStatusEvent(paymentId, status));
  });

/** An event of the payment that is no status event. */
const appendOther = () =>
  store.transact(async (unit) => {
    await lockPayment(unit.tx, paymentId);
    const { payable, amountMinor, currency } = settledEvent().payload;
    await unit.append({
      type: 'payment.captured',
      aggregateType: 'payment',
      aggregateId: paymentId,
      payload: { paymentId, payable, amountMinor, currency, installmentId: 'one', payer: 'user:x' },
    });
  });

/** Many status events at once, as history: nobody hears of them. */
async function insertHistory(count: number, occurredAt = new Date()): Promise<void> {
  await database.db.eventLog.createMany({
    data: Array.from({ length: count }, (_unused, index) => ({
      id: uuidv7(),
      aggregateType: 'payment',
      aggregateId: paymentId,
      version: index + 1,
      type: 'payment.status_changed',
      schemaVersion: 1,
      payload: newStatusEvent(paymentId, `S${index + 1}`).payload,
      occurredAt,
    })),
  });
}

const statusOf = (event: DomainEvent) => (event.payload as EventPayload<'payment.status_changed'>).status;

async function take(stream: Stream, count: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const { value, done } = await stream.next();
    if (done) throw new Error('the stream ended');
    seen.push(statusOf(value));
  }
  return seen;
}

/** Opens, takes, and leaves. */
async function takeFrom(after: string | undefined, count: number): Promise<string[]> {
  const stream = await streams.open(paymentId, after);
  const seen = await take(stream, count);
  await stream.return?.();
  return seen;
}

describe('without a cursor', () => {
  it('the first message is the present state, then every change in order', async () => {
    await append('A', 'B');
    const stream = await streams.open(paymentId, undefined);
    await append('C');
    await append('D', 'E');
    expect(await take(stream, 4)).toEqual(['B', 'C', 'D', 'E']);
    await stream.return?.();
  });

  it('the present state is the newest status, whatever else happened since', async () => {
    await append('A', 'B');
    await appendOther();
    expect(await takeFrom(undefined, 1)).toEqual(['B']);
  });

  it('what happens while it opens comes once', async () => {
    await append('A');
    const changes = async () => {
      await append('B', 'C');
      await append('D');
    };
    const [stream] = await Promise.all([streams.open(paymentId, undefined), changes()]);
    const seen = await take(stream, 1);
    while (seen.at(-1) !== 'D') seen.push(...(await take(stream, 1)));
    expect(['A', 'B', 'C', 'D'].slice(-seen.length)).toEqual(seen);
    await stream.return?.();
  });

  it('what happens after the log was read, and before what was read is there, comes too', async () => {
    await append('A');
    const sql: SqlClient = {
      $executeRaw: (query, ...values) => database.db.$executeRaw(query, ...values),
      async $queryRaw<T>(query: Parameters<SqlClient['$queryRaw']>[0], ...values: unknown[]) {
        const rows = await database.db.$queryRaw<T>(query, ...values);
        if (JSON.stringify(rows).includes('"A"')) await append('B');
        return rows;
      },
    };
    const slow = createStatusStreams({ ...options, sql });
    const stream = await slow.open(paymentId, undefined);
    expect(await take(stream, 2)).toEqual(['A', 'B']);
    await stream.return?.();
    slow.close();
  });
});

describe('with a cursor', () => {
  it('what was missed comes first, then what follows', async () => {
    await append('A', 'B');
    await appendOther();
    await append('C');
    const stream = await streams.open(paymentId, '1');
    await append('D');
    expect(await take(stream, 3)).toEqual(['B', 'C', 'D']);
    await stream.return?.();
  });

  it('at the newest, only what follows comes', async () => {
    await append('A', 'B');
    const stream = await streams.open(paymentId, '2');
    await append('C');
    expect(await take(stream, 1)).toEqual(['C']);
    await stream.return?.();
  });

  it('a thousand missed events are replayed, and more have expired', async () => {
    await insertHistory(1_001);
    const seen = await takeFrom('1', 1_000);
    expect([seen.at(0), seen.at(-1), new Set(seen).size]).toEqual(['S2', 'S1001', 1_000]);
    await expect(streams.open(paymentId, '0')).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CURSOR_EXPIRED',
      field: ['after'],
    });
  });

  it('what was missed more than 30 days ago has expired', async () => {
    await insertHistory(2, new Date(Date.now() - 31 * 86_400_000));
    await expect(streams.open(paymentId, '1')).rejects.toMatchObject({ reason: 'CURSOR_EXPIRED' });
    const stream = await streams.open(paymentId, '2');
    await stream.return?.();
  });

  it.each(['', 'x', '-1', '1.5', '1e3', '99999999999', ' 1', '7'])('%j is none', async (cursor) => {
    await append('A');
    await expect(streams.open(paymentId, cursor)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      reason: 'CURSOR_INVALID',
    });
    expect(bus.listening).toBe(0);
  });
});

describe('a bus that cannot be trusted', () => {
  it('repeats events: each comes once', async () => {
    await append('A');
    bus.copies = () => 3;
    const stream = await streams.open(paymentId, undefined);
    await append('B', 'C');
    await append('D');
    expect(await take(stream, 4)).toEqual(['A', 'B', 'C', 'D']);
    await stream.return?.();
  });

  it('loses an event: the next one brings it along', async () => {
    await append('A');
    bus.copies = ({ version }) => (version % 2 === 0 ? 0 : 1);
    const stream = await streams.open(paymentId, undefined);
    for (const status of ['B', 'C', 'D', 'E']) await append(status);
    expect(await take(stream, 5)).toEqual(['A', 'B', 'C', 'D', 'E']);
    await stream.return?.();
  });

  it('delivers out of order: the order stays that of the log', async () => {
    const late: DomainEvent[] = [];
    bus.copies = (event) => (event.version === 2 ? late.push(event) * 0 : 1);
    await append('A');
    const stream = await streams.open(paymentId, undefined);
    await append('B', 'C');
    bus.copies = () => 1;
    for (const event of late) await bus.publish(event);
    await append('D');
    expect(await take(stream, 4)).toEqual(['A', 'B', 'C', 'D']);
    await stream.return?.();
  });

  it('loses everything: the check after a reconnect finds it', async () => {
    await append('A');
    bus.copies = () => 0;
    const stream = await streams.open(paymentId, undefined);
    await append('B', 'C');
    bus.reconnect();
    expect(await take(stream, 3)).toEqual(['A', 'B', 'C']);
    await stream.return?.();
  });

  it('loses everything: the periodic check finds it', async () => {
    const checked = createStatusStreams({ ...options, checkIntervalMs: 20 });
    await append('A');
    bus.copies = () => 0;
    const stream = await checked.open(paymentId, undefined);
    await append('B');
    expect(await take(stream, 2)).toEqual(['A', 'B']);
    await stream.return?.();
    checked.close();
  });
});

describe('a reader', () => {
  it('who leaves while waiting is let go at once, and nobody listens any more', async () => {
    await append('A');
    const stream = await streams.open(paymentId, undefined);
    await take(stream, 1);
    expect(bus.listening).toBe(1);
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(bus.listening).toBe(0);
  });

  it('who does not read gets what was kept and then an error, and is no longer listened for', async () => {
    await append('A');
    const stream = await streams.open(paymentId, undefined);
    const tooMany = 1_500;
    const [last] = (await database.db.eventLog.findMany({ where: { aggregateId: paymentId } })).slice(-1);
    for (let version = 2; version <= tooMany; version += 1)
      await bus.publish({ ...settledEvent(), ...toEvent(last!, version) });
    expect(bus.listening).toBe(0);

    const seen: number[] = [];
    const readAll = async () => {
      for await (const { version } of stream) seen.push(version);
    };
    await expect(readAll()).rejects.toMatchObject({ reason: 'SUBSCRIBER_LAGGED' });
    expect(seen).toEqual(Array.from({ length: seen.length }, (_unused, index) => index + 1));
    expect(seen.length).toBeLessThan(1_200);
  });

  it('does not disturb another reader of the same payment', async () => {
    await append('A');
    const [leaver, stayer] = [
      await streams.open(paymentId, undefined),
      await streams.open(paymentId, undefined),
    ];
    await leaver.return?.();
    await append('B');
    expect(await take(stayer, 2)).toEqual(['A', 'B']);
    await stayer.return?.();
  });
});

function toEvent(row: { type: string; aggregateId: string; payload: unknown }, version: number): DomainEvent {
  return {
    id: uuidv7(),
    type: row.type,
    schemaVersion: 1,
    aggregateType: 'payment',
    aggregateId: row.aggregateId,
    version,
    occurredAt: new Date().toISOString(),
    payload: row.payload,
  } as DomainEvent;
}
