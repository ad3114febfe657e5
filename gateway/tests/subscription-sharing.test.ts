import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { RawSocket } from './support/raw-socket.ts';
import { type StreamGraph, startStreamGraph, type Topology } from './support/stream-graph.ts';

const notes = 'subscription { noteAdded { text } }';
const notesWithOwner = 'subscription { noteAdded { text account { owner } } }';
const prices = 'subscription { priceChanged { value } }';
const pricesWithOwner = 'subscription { priceChanged { value account { owner } } }';
const status = 'subscription ($after: String) { statusChanged(accountId: "1", after: $after) { status } }';

async function subscribeMany(graph: StreamGraph, count: number, query: string, token: string) {
  const socket = await RawSocket.connect(graph.url, token);
  for (let index = 0; index < count; index++) socket.subscribe(String(index), query);
  await socket.settle();
  return socket;
}

describe.each<Topology>(['in process', 'remote'])('subscribers of the same, %s', (topology) => {
  it('share one upstream and one execution; closing 99 of 100 leaves one receiving', async () => {
    await using graph = await startStreamGraph({ topology });
    await using socket = await subscribeMany(graph, 100, notesWithOwner, 'asha');
    await vi.waitUntil(() => graph.ledger.open === 1);
    graph.ledger.addNote('one');
    const ids = new Set<string | undefined>();
    for (let index = 0; index < 100; index++) {
      const message = await socket.next('next');
      expect(message.payload?.data).toEqual({ noteAdded: { text: 'one', account: { owner: 'of asha' } } });
      ids.add(message.id);
    }
    expect(ids.size).toBe(100);
    expect(graph.asked).toHaveLength(1);
    expect(graph.ledger.opened).toHaveLength(1);

    for (let index = 1; index < 100; index++) socket.send({ id: String(index), type: 'complete' });
    await socket.settle();
    graph.ledger.addNote('two');
    expect(await socket.next('next')).toMatchObject({
      id: '0',
      payload: { data: { noteAdded: { text: 'two' } } },
    });
    expect(graph.ledger.open).toBe(1);

    socket.send({ id: '0', type: 'complete' });
    await vi.waitUntil(() => graph.ledger.open === 0, { timeout: 1_000 });
    expect(socket.messages).toEqual([]);
  });

  it('lose a quiet upstream at once when the last of them has closed or is cut off', async () => {
    await using graph = await startStreamGraph({ topology });
    const first = await subscribeMany(graph, 3, notes, 'asha');
    const second = await subscribeMany(graph, 3, notes, 'asha');
    await vi.waitUntil(() => graph.ledger.open === 1);
    first.socket.close(1000);
    await first.closed;
    await second.settle();
    expect(graph.ledger.open).toBe(1);
    second.socket.terminate();
    await vi.waitUntil(() => graph.ledger.open === 0, { timeout: 1_000 });
  });

  it('lose it as well when the network of the last of them resets', async () => {
    await using graph = await startStreamGraph({ topology });
    const wires: Socket[] = [];
    const createConnection = () => {
      wires.push(connect({ port: Number(new URL(graph.url).port), host: '127.0.0.1' }));
      return wires.at(-1) as Socket;
    };
    const socket = await RawSocket.open(graph.url, { createConnection });
    socket.send({ type: 'connection_init' });
    await socket.next('connection_ack');
    socket.subscribe('1', notes);
    await vi.waitUntil(() => graph.ledger.open === 1);
    wires[0]?.resetAndDestroy();
    await vi.waitUntil(() => graph.ledger.open === 0);
  });
});

describe('subscribers of different identities', () => {
  it('never share: each has an upstream and answers of their own', async () => {
    await using graph = await startStreamGraph();
    await using asha = await subscribeMany(graph, 1, notesWithOwner, 'asha');
    await using ravi = await subscribeMany(graph, 1, notesWithOwner, 'ravi');
    await vi.waitUntil(() => graph.ledger.open === 2);
    expect(graph.ledger.opened.map(({ by }) => by)).toEqual(['asha', 'ravi']);
    graph.ledger.addNote('one');
    expect(await asha.data()).toEqual({ noteAdded: { text: 'one', account: { owner: 'of asha' } } });
    expect(await ravi.data()).toEqual({ noteAdded: { text: 'one', account: { owner: 'of ravi' } } });
  });

  it('share the upstream of a shareable field', async () => {
    await using graph = await startStreamGraph();
    await using asha = await subscribeMany(graph, 2, prices, 'asha');
    await using ravi = await subscribeMany(graph, 2, prices, 'ravi');
    graph.ledger.setPrice(7);
    for (const socket of [asha, asha, ravi, ravi])
      expect(await socket.data()).toEqual({ priceChanged: { value: 7 } });
    expect(graph.ledger.opened).toHaveLength(1);
  });

  it('share that upstream and not what other subgraphs add to its events', async () => {
    await using graph = await startStreamGraph();
    await using asha = await subscribeMany(graph, 2, pricesWithOwner, 'asha');
    await using ravi = await subscribeMany(graph, 2, pricesWithOwner, 'ravi');
    graph.ledger.setPrice(7);
    for (const [socket, owner] of [
      [asha, 'of asha'],
      [asha, 'of asha'],
      [ravi, 'of ravi'],
      [ravi, 'of ravi'],
    ] as const)
      expect(await socket.data()).toEqual({ priceChanged: { value: 7, account: { owner } } });
    expect(graph.ledger.opened).toHaveLength(1);
    expect(graph.asked).toHaveLength(2);
  });
});

describe('who joins a status stream late', () => {
  it('begins with the current state, as completed now', async () => {
    await using graph = await startStreamGraph();
    graph.ledger.change('1', 'PENDING');
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('first', status);
    expect(await socket.next('next')).toMatchObject({ id: 'first' });
    graph.ledger.change('1', 'PAID');
    expect(await socket.data()).toEqual({ statusChanged: { status: 'PAID' } });
    socket.subscribe('late', status);
    const state = await socket.next('next');
    expect(state).toMatchObject({ id: 'late', payload: { data: { statusChanged: { status: 'PAID' } } } });
    expect(graph.ledger.opened).toHaveLength(1);
    graph.ledger.change('1', 'REFUNDED');
    const last = [await socket.next('next'), await socket.next('next')];
    expect(last.map(({ id }) => id)).toEqual(['first', 'late']);
  });

  it('gets what it missed from a stream of its own, and shares when it missed nothing', async () => {
    await using graph = await startStreamGraph();
    for (const name of ['ONE', 'TWO', 'THREE']) graph.ledger.change('1', name);
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('first', status);
    expect(await socket.data()).toEqual({ statusChanged: { status: 'THREE' } });
    socket.subscribe('behind', status, { after: '1' });
    expect([await socket.data(), await socket.data()]).toEqual([
      { statusChanged: { status: 'TWO' } },
      { statusChanged: { status: 'THREE' } },
    ]);
    expect(graph.ledger.opened.map(({ args }) => args.after ?? null)).toEqual([null, '1']);
    socket.subscribe('current', status, { after: '3' });
    await socket.settle();
    expect(graph.ledger.opened).toHaveLength(2);
    graph.ledger.change('1', 'FOUR');
    const ids = [await socket.next('next'), await socket.next('next'), await socket.next('next')].map(
      ({ id }) => id,
    );
    expect(ids.sort()).toEqual(['behind', 'current', 'first']);
  });
});
