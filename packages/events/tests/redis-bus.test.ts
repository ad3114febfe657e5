import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { uuidv7 } from '@suvidha/db';
import { findFreePort } from '@suvidha/testing';
import { describe, expect, it } from 'vitest';
import { createRedisBus, createStatusStreams, type DomainEvent, type LiveBus } from '../src/index.ts';
import { insertPayment, log, newStatusEvent, openEventDatabase, statusPayload } from './events.fixture.ts';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;
/** On a machine without Redis these tests are shown as skipped; where the work is judged they must run. */
const mayBeSkipped = !isInstalled && process.env.CI === undefined;

class RedisServer implements AsyncDisposable {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, directory: string) {
    this.#port = port;
    this.#directory = directory;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async create(): Promise<RedisServer> {
    return new RedisServer(await findFreePort(), await mkdtemp(path.join(os.tmpdir(), 'suvidha-redis-')));
  }

  async start(): Promise<void> {
    const options = [
      '--port',
      String(this.#port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      this.#directory,
    ];
    this.#process = spawn('redis-server', options, { stdio: 'ignore' });
    await once(this.#process, 'spawn');
    while (!(await this.#answers()));
  }

  /** Without a word to its clients. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true });
  }

  #answers(): Promise<boolean> {
    const socket = connect(this.#port, '127.0.0.1');
    return once(socket, 'connect')
      .then(
        () => true,
        () => false,
      )
      .finally(() => socket.destroy());
  }
}

const openBus = (server: RedisServer): LiveBus & AsyncDisposable => {
  const bus = createRedisBus({ url: server.url, log });
  return { ...bus, [Symbol.asyncDispose]: () => bus.close() };
};

const newEvent = (paymentId: string, version: number): DomainEvent => ({
  id: uuidv7(),
  type: 'payment.status_changed',
  schemaVersion: 1,
  aggregateType: 'payment',
  aggregateId: paymentId,
  version,
  occurredAt: new Date().toISOString(),
  payload: statusPayload(paymentId),
});

/** Publishes until the server is there to take it. */
async function publish(bus: LiveBus, event: DomainEvent): Promise<void> {
  for (;;) {
    const isTaken = await bus.publish(event).then(
      () => true,
      () => false,
    );
    if (isTaken) return;
    await turn();
  }
}

describe.skipIf(mayBeSkipped)('the Redis bus', () => {
  it('brings events from one process to those who listen in another, each topic by itself', async () => {
    await using server = await RedisServer.create();
    await server.start();
    await using sender = openBus(server);
    await using receiver = openBus(server);
    const [mine, other] = [uuidv7(), uuidv7()];
    const heard: DomainEvent[] = [];
    const { promise: complete, resolve } = Promise.withResolvers<void>();
    await receiver.subscribe({ aggregateType: 'payment', aggregateId: mine }, (event) => {
      heard.push(event);
      if (event.version === 3) resolve();
    });
    const sent = [1, 2, 3].map((version) => newEvent(mine, version));
    await publish(sender, newEvent(other, 1));
    for (const event of sent) await publish(sender, event);
    await complete;
    expect(heard).toEqual(sent);
  });

  it('stops bringing them when the last listener has left', async () => {
    await using server = await RedisServer.create();
    await server.start();
    await using bus = openBus(server);
    const topic = { aggregateType: 'payment' as const, aggregateId: uuidv7() };
    const heard: string[] = [];
    const { promise: complete, resolve } = Promise.withResolvers<void>();
    const stopFirst = await bus.subscribe(topic, () => heard.push('first'));
    const { promise: secondHeard, resolve: hear } = Promise.withResolvers<void>();
    const stopSecond = await bus.subscribe(topic, () => {
      heard.push('second');
      hear();
    });
    stopFirst();
    await publish(bus, newEvent(topic.aggregateId, 1));
    await secondHeard;
    stopSecond();
    await bus.subscribe(topic, () => resolve());
    await publish(bus, newEvent(topic.aggregateId, 2));
    await complete;
    expect(heard).toEqual(['second']);
  });

  it('fails fast to publish and lets subscribe while Redis is away, and works when it comes', async () => {
    await using server = await RedisServer.create();
    await using bus = openBus(server);
    const paymentId = uuidv7();
    await expect(bus.publish(newEvent(paymentId, 1))).rejects.toThrow();
    const { promise: heard, resolve } = Promise.withResolvers<DomainEvent>();
    await bus.subscribe({ aggregateType: 'payment', aggregateId: paymentId }, resolve);
    await server.start();
    const timer = setInterval(() => void publish(bus, newEvent(paymentId, 2)), 20);
    expect(await heard).toMatchObject({ version: 2 });
    clearInterval(timer);
  });

  it('survives a message that is no event of ours', async () => {
    await using server = await RedisServer.create();
    await server.start();
    await using bus = openBus(server);
    const paymentId = uuidv7();
    const { promise: heard, resolve } = Promise.withResolvers<DomainEvent>();
    await bus.subscribe({ aggregateType: 'payment', aggregateId: paymentId }, resolve);
    await publish(bus, { ...newEvent(paymentId, 1), type: 'from.the.future' } as never);
    await publish(bus, newEvent(paymentId, 2));
    expect(await heard).toMatchObject({ version: 2 });
  });

  it('was restarted meanwhile: the status stream misses nothing', async () => {
    await using server = await RedisServer.create();
    await server.start();
    await using bus = openBus(server);
    await using database = await openEventDatabase();
    const paymentId = await insertPayment(database.db);
    const append = async (version: number) => {
      const { payload } = newStatusEvent(paymentId, `S${version}`);
      const { aggregateType, occurredAt, ...event } = newEvent(paymentId, version);
      await database.db.eventLog.create({ data: { ...event, aggregateType, occurredAt, payload } });
    };
    const streams = createStatusStreams({
      aggregateType: 'payment',
      statusEvent: 'payment.status_changed',
      sql: database.db,
      bus,
      log,
      checkIntervalMs: 1_000_000,
    });
    await append(1);
    const stream = await streams.open(paymentId, undefined);
    await stream.next();
    await server.kill();
    await append(2);
    await append(3);
    const next = stream.next();
    await server.start();
    expect((await next).value).toMatchObject({ version: 2 });
    expect((await stream.next()).value).toMatchObject({ version: 3 });

    const live = stream.next();
    await append(4);
    await publish(bus, newEvent(paymentId, 4));
    expect((await live).value).toMatchObject({ version: 4 });
    await stream.return?.();
    streams.close();
  });
});

it.runIf(!isInstalled && process.env.CI !== undefined)('needs redis-server on the PATH', () => {
  expect.fail('install redis-server: these tests may not be skipped here');
});
