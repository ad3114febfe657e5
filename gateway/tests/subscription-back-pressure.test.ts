import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { RawSocket } from './support/raw-socket.ts';
import { type StreamGraph, startStreamGraph } from './support/stream-graph.ts';

const notes = 'subscription { noteAdded { text } }';
const status = 'subscription { statusChanged(accountId: "1") { cursor status } }';

/** A text that fills what is kept for a client soon. */
const long = 'x'.repeat(20_000);

/** Pushes events one by one, each after the one before was taken by somebody who reads. */
async function pushTo(reader: RawSocket, count: number, push: (n: number) => void): Promise<void> {
  for (let n = 1; n <= count; n++) {
    push(n);
    await reader.next('next');
  }
}

interface Scene {
  readonly graph: StreamGraph;
  readonly stalled: RawSocket;
  readonly reader: RawSocket;
}

/** One client that has stopped to read and one that reads, of the same stream. */
async function withStalled(query: string, play: (scene: Scene) => Promise<void>): Promise<void> {
  await using graph = await startStreamGraph();
  await using stalled = await RawSocket.connect(graph.url, 'asha');
  await using reader = await RawSocket.connect(graph.url, 'asha');
  for (const socket of [stalled, reader]) {
    socket.subscribe('1', query);
    await socket.settle();
  }
  stalled.socket.pause();
  await play({ graph, stalled, reader });
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use, buffers included (`external` counts them). */
function usedMiB(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}

describe('a client that does not read', () => {
  it('of a status stream: costs bounded memory, gets the newest state once it reads, and delays nobody', () =>
    withStalled(status, async ({ graph, stalled, reader }) => {
      const change = (n: number) => graph.ledger.change('1', `${n} ${long}`);
      // The first of them fill what the system and the gateway keep for the client; kept, the others would be 57 MiB.
      await pushTo(reader, 600, change);
      const before = usedMiB();
      await pushTo(reader, 3_000, change);
      expect(usedMiB() - before).toBeLessThan(16);

      stalled.socket.resume();
      const cursors: number[] = [];
      while (cursors.at(-1) !== 3_600) {
        const data = (await stalled.data()) as { statusChanged: { cursor: string } };
        cursors.push(Number(data.statusChanged.cursor));
      }
      expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
      expect(cursors.length).toBeLessThan(3_600);
      graph.ledger.change('1', 'LAST');
      expect(await stalled.data()).toMatchObject({ statusChanged: { status: 'LAST' } });
    }));

  it('is heard all the same: a new token is taken as soon as it reads', () =>
    withStalled(status, async ({ graph, stalled, reader }) => {
      await pushTo(reader, 600, (n) => graph.ledger.change('1', `${n} ${long}`));
      stalled.send({ type: 'ping', payload: { accessToken: 'asha' } });
      for (let turn = 0; turn < 20; turn++) await reader.settle();
      stalled.socket.resume();
      let message = await stalled.next();
      for (; message.type === 'next'; message = await stalled.next());
      expect(message).toMatchObject({ type: 'pong', payload: { accessTokenExpiresAt: expect.any(String) } });
    }));

  it('of any other stream: is told that it lags, and its operation only', () =>
    withStalled(notes, async ({ graph, stalled, reader }) => {
      await pushTo(reader, 600, (n) => graph.ledger.addNote(`${n} ${long}`));
      stalled.socket.resume();
      let message = await stalled.next();
      for (; message.type === 'next'; message = await stalled.next());
      expect(message).toMatchObject({ id: '1', type: 'error' });
      expect(message.payload).toMatchObject([
        { extensions: { code: 'FAILED_PRECONDITION', reason: 'SUBSCRIBER_LAGGED' } },
      ]);
      stalled.subscribe('2', '{ whoAmI }');
      expect(await stalled.data()).toEqual({ whoAmI: 'asha' });
      expect(graph.ledger.open).toBe(1);
    }));

  it('of an event stream over HTTP: is told that it lags', async () => {
    await using graph = await startStreamGraph();
    await using reader = await RawSocket.connect(graph.url, 'asha');
    const response = await fetch(`${graph.url}/graphql?query=${encodeURIComponent(notes)}`, {
      headers: { accept: 'text/event-stream', authorization: 'Bearer asha' },
    });
    reader.subscribe('1', notes);
    await reader.settle();
    await pushTo(reader, 600, (n) => graph.ledger.addNote(`${n} ${long}`));
    const text = await response.text();
    expect(text).toContain('"reason":"SUBSCRIBER_LAGGED"');
    expect(text).toMatch(/event: complete\ndata:\n\n$/);
  });

  it('of an event stream that completes: gets all that waited, and then the end', async () => {
    await using graph = await startStreamGraph({ topology: 'remote' });
    const response = await fetch(`${graph.url}/graphql?query=${encodeURIComponent(status)}`, {
      headers: { accept: 'text/event-stream', authorization: 'Bearer asha' },
    });
    await using reader = await RawSocket.connect(graph.url, 'asha');
    reader.subscribe('1', status);
    await vi.waitUntil(() => graph.ledger.open === 1);
    await pushTo(reader, 900, (n) => graph.ledger.change('1', `${n} ${long}`));
    const stopping = graph.gateway.stop();
    const text = await response.text();
    expect(text).toContain('"status":"900 x');
    expect(text).toMatch(/UPSTREAM_UNAVAILABLE.*\n\nevent: complete\ndata:\n\n$/);
    await stopping;
  });

  it('is cut off after a while, and so is one that no longer answers pings', async () => {
    await using graph = await startStreamGraph({
      subscriptions: { sockets: { pingIntervalMs: 100, silenceMs: 1_500 } },
    });
    await using lively = await RawSocket.connect(graph.url);
    const dead = await RawSocket.connect(graph.url);
    let pings = 0;
    lively.socket.on('ping', () => {
      pings += 1;
    });
    dead.subscribe('1', notes);
    await vi.waitUntil(() => graph.ledger.open === 1);
    dead.socket.pause();
    await vi.waitUntil(() => graph.ledger.open === 0, { timeout: 5_000 });
    expect(pings).toBeGreaterThan(0);
    await lively.settle();
    dead.socket.resume();
    expect((await dead.closed).code).toBe(1006);
  });
});

describe('a flood', () => {
  it('of operations ends at the cap of the connection, with an error for those beyond', async () => {
    await using graph = await startStreamGraph({ subscriptions: { sockets: { maxOperations: 3 } } });
    await using socket = await RawSocket.connect(graph.url);
    for (const id of ['1', '2', '3', '4']) socket.subscribe(id, notes);
    expect(await socket.next('error')).toMatchObject({
      id: '4',
      payload: [{ extensions: { code: 'RATE_LIMITED', reason: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
    socket.send({ id: '1', type: 'complete' });
    socket.subscribe('5', '{ whoAmI }');
    expect(await socket.next('next')).toMatchObject({ id: '5' });
  });

  it('of connections ends at the cap of the process', async () => {
    await using graph = await startStreamGraph({ subscriptions: { sockets: { maxConnections: 2 } } });
    await using _one = await RawSocket.connect(graph.url);
    const two = await RawSocket.connect(graph.url);
    await expect(RawSocket.open(graph.url)).rejects.toThrow('503');
    two.socket.terminate();
    await vi.waitUntil(() => RawSocket.connect(graph.url).catch(() => null));
  });

  it('of messages is read at the pace that a connection may have, and answered all the same', async () => {
    await using graph = await startStreamGraph({ subscriptions: { sockets: { maxMessagesPerSecond: 50 } } });
    await using flooding = await RawSocket.connect(graph.url);
    await using calm = await RawSocket.connect(graph.url);
    for (let n = 0; n < 120; n++) flooding.send({ type: 'ping', payload: { n } });
    await calm.settle();
    for (let n = 0; n < 120; n++) expect(await flooding.next()).toEqual({ type: 'pong', payload: { n } });
  });

  it('of operations begun and ended leaves nothing behind', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url);
    for (let n = 0; n < 500; n++) {
      socket.subscribe(`${n}`, notes);
      socket.send({ id: `${n}`, type: 'complete' });
    }
    await socket.settle();
    await vi.waitUntil(() => graph.ledger.open === 0);
    expect(socket.messages).toEqual([]);
  });

  it('of hostile operations leaves memory as it was', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url);
    const attack = async (from: number, count: number) => {
      for (let n = from; n < from + count; n++) {
        socket.subscribe(`__proto__${n}`, `subscription { a${n}: noteAdded { text } }`);
        socket.send({ id: `__proto__${n}`, type: 'complete' });
        socket.subscribe(`constructor${n}`, `{ nobody${n} }`);
        socket.subscribe(
          `toString${n}`,
          `subscription { b${n}: statusChanged(accountId: "${n}") { nothing } }`,
        );
        if (n % 100 === 0) await socket.settle();
      }
      await socket.settle();
      socket.messages.length = 0;
    };
    await attack(0, 1_000);
    const before = usedMiB();
    await attack(1_000, 1_000);
    expect(usedMiB() - before).toBeLessThan(8);
    await vi.waitUntil(() => graph.ledger.open === 0);
  });
});
