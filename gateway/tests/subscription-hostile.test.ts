import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { post } from './support/http.ts';
import { RawSocket } from './support/raw-socket.ts';
import { startStreamGraph, verifyTestToken } from './support/stream-graph.ts';

const notes = 'subscription { noteAdded { text } }';

/** What JSON may hold and JavaScript cannot turn into a text. */
const noText = { toString: 1, valueOf: 1 };

/** Sends bytes as they are, and never reads more than it must. */
async function openWire(url: string, lines: readonly string[]): Promise<Socket> {
  const wire = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  wire.on('error', () => undefined);
  await once(wire, 'connect');
  wire.write(`${lines.join('\r\n')}\r\n\r\n`);
  return wire;
}

function upgradeOf(path: string): string[] {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
  ];
}

describe('a token that is no text', () => {
  it('is a bad token, in init and in a ping', async () => {
    await using graph = await startStreamGraph();
    for (const token of [noText, [noText], { token: 'asha' }, 42, true]) {
      const late = await RawSocket.connect(graph.url, 'asha');
      late.send({ type: 'ping', payload: { accessToken: token } });
      expect(await late.closed).toMatchObject({ code: 4403 });
      const early = await RawSocket.open(graph.url);
      early.send({ type: 'connection_init', payload: { authorization: token } });
      expect(await early.closed).toMatchObject({ code: 4403 });
    }
  });
});

/** Deeper than those who read it can go. */
function nest(open: string, close: string, core: string): string {
  // More would not go into a URL.
  const levels = Math.floor(5_000 / (open.length + close.length));
  return `${open.repeat(levels)}${core}${close.repeat(levels)}`;
}

describe('what is nested too deeply', () => {
  it('is a bad message in a ping, which cannot be answered', async () => {
    await using graph = await startStreamGraph();
    const socket = await RawSocket.connect(graph.url);
    const depth = 100_000;
    socket.send(`{"type":"ping","payload":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`);
    expect(await socket.closed).toMatchObject({ code: 4400 });
  });

  it.each([
    ['fields', nest('{a', '}', '')],
    ['fragments', `{${nest('...{', '}', 'whoAmI')}}`],
    ['lists', `{ whoAmI(a: ${nest('[', ']', '')}) }`],
    ['objects', `{ whoAmI(a: ${nest('{a:', '}', '1')}) }`],
  ])('is no document, over a socket or HTTP: %s', async (_what, query) => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url);
    const errors = [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }];
    socket.subscribe('1', query);
    expect(await socket.next('error')).toMatchObject({ payload: errors });
    expect(await post(graph.url, { query })).toMatchObject({ status: 400, body: { errors } });
    const url = `${graph.url}/graphql?query=${encodeURIComponent(query)}`;
    const byGet = await fetch(url, { headers: { 'apollo-require-preflight': 'yes' } });
    expect([byGet.status, await byGet.json()]).toMatchObject([400, { errors }]);
  });
});

describe('a connection that is refused', () => {
  it('for its subprotocol may send what it likes', async () => {
    await using graph = await startStreamGraph();
    const wire = await openWire(graph.url, upgradeOf('/graphql'));
    await once(wire, 'data');
    // A frame that is not masked, as no client may send it.
    wire.end(Buffer.from([0x81, 0x02, 0x7b, 0x7d]));
    wire.resume();
    await once(wire, 'close');
    await using socket = await RawSocket.connect(graph.url);
    await socket.settle();
  });

  it('for its path may go before it is answered, and is ended when it stays', async () => {
    await using graph = await startStreamGraph();
    for (let n = 0; n < 5; n++) (await openWire(graph.url, upgradeOf('/other'))).resetAndDestroy();
    const wire = await openWire(graph.url, upgradeOf('/other'));
    let answer = '';
    wire.on('data', (data) => {
      answer += data;
    });
    await once(wire, 'end');
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    // It keeps its own side open: only a reset tells it that nobody is there.
    await vi.waitUntil(() => {
      if (!wire.destroyed) wire.write('x');
      return wire.destroyed;
    });
    await using socket = await RawSocket.connect(graph.url);
    await socket.settle();
  });
});

describe('a client of an event stream', () => {
  it('that has left while it was identified leaves nothing behind', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await using graph = await startStreamGraph({
      verifyToken: async (token) => {
        if (token === 'late') {
          asked.resolve();
          await answer.promise;
        }
        return verifyTestToken(token);
      },
    });
    const url = `${graph.url}/graphql?query=${encodeURIComponent(notes)}`;
    const left = Promise.withResolvers<void>();
    const sent = request(url, { headers: { accept: 'text/event-stream', authorization: 'Bearer late' } });
    sent.on('error', () => left.resolve()).end();
    await asked.promise;
    sent.destroy();
    await left.promise;
    await using socket = await RawSocket.connect(graph.url, 'asha');
    await socket.settle();
    answer.resolve();
    await socket.settle();
    socket.subscribe('1', notes);
    await vi.waitUntil(() => graph.ledger.opened.some(({ by }) => by === 'asha'));
    expect(graph.ledger.open).toBe(1);
  });
});

describe('a subscription whose field may be left out', () => {
  it.each([
    ['subscription { noteAdded @skip(if: true) { text } }', {}],
    ['subscription ($no: Boolean!) { noteAdded @include(if: $no) { text } }', { no: false }],
    ['subscription { ... @include(if: false) { noteAdded { text } } }', {}],
    ['subscription { ...Watch @skip(if: true) } fragment Watch on Subscription { noteAdded { text } }', {}],
    ['subscription { ...Watch } fragment Watch on Subscription { noteAdded @skip(if: true) { text } }', {}],
  ])('is not valid: %s', async (query, variables) => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url);
    socket.subscribe('1', query, variables);
    expect(await socket.next('error')).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });
});

describe('a client that sends and does not read', () => {
  /** Sends until all was sent, or nothing is taken any more while another client is served many times. */
  async function flood(socket: RawSocket, calm: RawSocket, messages: readonly string[]): Promise<void> {
    let sent = 0;
    for (const message of messages) {
      const taken = new Promise<true>((resolve) => socket.socket.send(message, () => resolve(true)));
      let isTaken = false;
      void taken.then(() => {
        isTaken = true;
      });
      for (let turn = 0; turn < 50 && !isTaken; turn++) await calm.settle();
      if (!isTaken) return;
      sent += 1;
    }
    expect(sent).toBe(messages.length);
  }

  it.each<[string, (n: number) => object]>([
    ['pings', () => ({ type: 'ping', payload: { text: 'x'.repeat(500_000) } })],
    [
      'operations that are not valid',
      (n) => ({
        type: 'subscribe',
        id: String(n),
        payload: { query: `{ ${`n${'x'.repeat(5_000)} `.repeat(99)} }` },
      }),
    ],
  ])('is not read any more: %s', async (_what, toMessage) => {
    await using graph = await startStreamGraph();
    await using stalled = await RawSocket.connect(graph.url);
    await using calm = await RawSocket.connect(graph.url);
    stalled.socket.pause();
    const messages = Array.from({ length: 200 }, (_, n) => JSON.stringify(toMessage(n)));
    const before = process.memoryUsage().arrayBuffers;
    await flood(stalled, calm, messages);
    // Kept, the answers would be 100 MB; one that was taken whole waits here as well.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
    stalled.socket.resume();
    await vi.waitUntil(() => stalled.messages.length > 0);
  });
});

describe('a socket', () => {
  it('holds so much of the texts of its operations, and no more', async () => {
    await using graph = await startStreamGraph({ subscriptions: { sockets: { maxOperationsText: 3_000 } } });
    await using socket = await RawSocket.connect(graph.url);
    const long = { junk: 'x'.repeat(1_300) };
    for (const id of ['1', '2', '3']) socket.subscribe(id, notes, long);
    expect(await socket.next('error')).toMatchObject({
      id: '3',
      payload: [{ extensions: { code: 'RATE_LIMITED', reason: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
    socket.send({ id: '1', type: 'complete' });
    socket.subscribe('4', notes, long);
    await socket.settle();
    expect(socket.messages).toEqual([]);
  });
});
