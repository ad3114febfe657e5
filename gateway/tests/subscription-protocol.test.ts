import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { RawSocket } from './support/raw-socket.ts';
import { startStreamGraph } from './support/stream-graph.ts';

const notes = 'subscription { noteAdded { text } }';

describe('graphql-transport-ws', () => {
  it.each<[string, string | object]>([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no object', '"connection_init"'],
    ['no type', '{}'],
    ['an unknown type', { type: 'start', id: '1' }],
    ['a message that only servers send', { type: 'next', id: '1', payload: {} }],
    ['a payload that is no object', { type: 'ping', payload: 'x' }],
    ['an operation without an id', { type: 'subscribe', payload: { query: notes } }],
    ['an empty id', { id: '', type: 'subscribe', payload: { query: notes } }],
    ['an endless id', { id: 'x'.repeat(300), type: 'subscribe', payload: { query: notes } }],
    ['an operation without a document', { id: '1', type: 'subscribe', payload: {} }],
    [
      'variables that are no object',
      { id: '1', type: 'subscribe', payload: { query: notes, variables: 'x' } },
    ],
  ])('closes with 4400 on %s', async (_what, message) => {
    await using graph = await startStreamGraph();
    const socket = await RawSocket.connect(graph.url);
    socket.send(message);
    expect(await socket.closed).toMatchObject({ code: 4400 });
  });

  it('closes with 4400 on a binary frame, and with 1009 on one that is too large', async () => {
    await using graph = await startStreamGraph();
    const binary = await RawSocket.connect(graph.url);
    binary.socket.send(Buffer.from(JSON.stringify({ type: 'ping' })), { binary: true });
    expect(await binary.closed).toMatchObject({ code: 4400 });
    const large = await RawSocket.connect(graph.url);
    large.send({ type: 'ping', payload: { text: 'x'.repeat(1024 * 1024) } });
    expect(await large.closed).toMatchObject({ code: 1009 });
  });

  it('closes with 4429 on a second init, 4401 before the acknowledgement, 4408 without init', async () => {
    await using graph = await startStreamGraph({ subscriptions: { sockets: { initTimeoutMs: 50 } } });
    const twice = await RawSocket.connect(graph.url);
    twice.send({ type: 'connection_init' });
    expect(await twice.closed).toMatchObject({ code: 4429 });
    const early = await RawSocket.open(graph.url);
    early.send({ type: 'connection_init', payload: { authorization: 'Bearer asha' } });
    early.subscribe('1', notes);
    expect(await early.closed).toMatchObject({ code: 4401 });
    const silent = await RawSocket.open(graph.url);
    expect(await silent.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('closes with 4406 another subprotocol, and none', async () => {
    await using graph = await startStreamGraph();
    const other = await RawSocket.open(graph.url, { protocol: 'graphql-ws' }).catch((error: Error) => error);
    // The client library refuses the connection itself when its subprotocol was not taken.
    expect(String(other instanceof Error ? other : await other.closed)).toMatch(/subprotocol|4406/i);
    const none = new WebSocket(`${graph.url.replace('http', 'ws')}/graphql`);
    const [code] = await once(none, 'close');
    expect(code).toBe(4406);
  });

  it('takes sockets on its path only', async () => {
    await using graph = await startStreamGraph();
    const elsewhere = new WebSocket(`${graph.url.replace('http', 'ws')}/other`, 'graphql-transport-ws');
    const [error] = await once(elsewhere, 'error');
    expect(error.message).toContain('404');
  });

  it('closes with 4409 on an id in use, also a hostile one, which is free again after the operation', async () => {
    await using graph = await startStreamGraph();
    for (const id of ['1', 'constructor', '__proto__', 'toString', '💥']) {
      const socket = await RawSocket.connect(graph.url);
      socket.subscribe(id, notes);
      await vi.waitUntil(() => graph.ledger.open === 1);
      graph.ledger.addNote('to all');
      expect(await socket.next('next')).toMatchObject({ id });
      socket.send({ id, type: 'complete' });
      await vi.waitUntil(() => graph.ledger.open === 0);
      socket.subscribe(id, '{ whoAmI }');
      expect(await socket.next('next')).toMatchObject({ id, payload: { data: { whoAmI: 'anonymous' } } });
      expect(await socket.next('complete')).toEqual({ id, type: 'complete' });
      socket.subscribe(id, notes);
      socket.subscribe(id, notes);
      expect(await socket.closed).toMatchObject({ code: 4409 });
      await vi.waitUntil(() => graph.ledger.open === 0);
    }
  });

  it('answers ping with pong and its payload, before and after the acknowledgement; takes pong', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.open(graph.url);
    socket.send({ type: 'ping', payload: { n: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { n: 1 } });
    socket.send({ type: 'pong' });
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
  });

  it('runs several operations on one socket; an error ends its own only, and no complete follows it', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('stream', notes);
    socket.subscribe('invalid', '{ nobody }');
    expect(await socket.next('error')).toMatchObject({
      id: 'invalid',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    socket.subscribe('unparsable', '{');
    expect(await socket.next('error')).toMatchObject({
      id: 'unparsable',
      payload: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    });
    socket.subscribe('query', 'query A { whoAmI } query B($n: Int!) { whoAmI }');
    expect(await socket.next('error')).toMatchObject({ id: 'query' });
    socket.send({
      id: 'named',
      type: 'subscribe',
      payload: { query: 'query A { whoAmI } query B { __typename }', operationName: 'A' },
    });
    expect(await socket.next('next')).toEqual({
      id: 'named',
      type: 'next',
      payload: { data: { whoAmI: 'asha' } },
    });
    await socket.next('complete');
    socket.subscribe('mutation', 'mutation { touch }');
    expect(await socket.data()).toEqual({ touch: true });
    await socket.next('complete');
    graph.ledger.addNote('one');
    expect(await socket.next('next')).toMatchObject({ id: 'stream' });
    expect(socket.messages).toEqual([]);
  });

  it('says at once that an entity is not there for the caller, and that a field is not for them', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url);
    socket.subscribe('foreign', 'subscription { statusChanged(accountId: "foreign") { status } }');
    const answer = await socket.next('next');
    expect(answer.payload?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await socket.next('complete')).toMatchObject({ id: 'foreign' });
    socket.subscribe('secret', 'subscription { secretAdded { text } }');
    expect(await socket.next('error')).toMatchObject({
      id: 'secret',
      payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('gives up a query whose client no longer wants it, and says nothing more of it', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url);
    socket.subscribe('1', '{ whoAmI }');
    socket.send({ id: '1', type: 'complete' });
    await socket.settle();
    socket.subscribe('2', '{ whoAmI }');
    expect(await socket.next()).toMatchObject({ id: '2', type: 'next' });
  });
});
