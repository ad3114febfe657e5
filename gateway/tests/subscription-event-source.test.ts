import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { EventSource } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { RawSocket } from './support/raw-socket.ts';
import { type StreamGraph, startStreamGraph } from './support/stream-graph.ts';

const status = 'subscription { statusChanged(accountId: "1") { status } }';

function toUrl(graphUrl: string, query: string): string {
  return `${graphUrl}/graphql?query=${encodeURIComponent(query)}`;
}

/** The text of an event stream up to and with `part`; then the client leaves. */
async function readStream(url: string, part: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes(part)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended with: ${text}`);
    text += value;
  }
  await reader.cancel();
  return text;
}

function toEvent(cursor: number, name: string): string {
  return `id: ${cursor}\nevent: next\ndata: {"data":{"statusChanged":{"status":"${name}"}}}\n\n`;
}

/** A network between client and gateway that a test can cut. */
async function startNetwork(graph: StreamGraph) {
  const wires = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ port: Number(new URL(graph.url).port), host: '127.0.0.1' });
    for (const wire of [client, upstream]) {
      wires.add(wire);
      wire.on('error', () => undefined).on('close', () => [client, upstream].map((one) => one.destroy()));
    }
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const wire of wires) wire.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
    },
  };
}

describe('the id of an event', () => {
  it('is the cursor, which the client need not select; other streams have none', async () => {
    await using graph = await startStreamGraph();
    graph.ledger.change('1', 'ONE');
    expect(await readStream(toUrl(graph.url, status), '\n\n')).toBe(toEvent(1, 'ONE'));
    await vi.waitUntil(() => graph.ledger.open === 0);
    const notes = readStream(toUrl(graph.url, 'subscription { noteAdded { text } }'), '\n\n');
    await vi.waitUntil(() => graph.ledger.open === 1);
    graph.ledger.addNote('one');
    expect(await notes).toMatch(/^event: next\n/);
  });

  it('as Last-Event-ID is where a stream begins, before what the operation says', async () => {
    await using graph = await startStreamGraph();
    for (const name of ['ONE', 'TWO', 'THREE']) graph.ledger.change('1', name);
    const missed = `${toEvent(2, 'TWO')}${toEvent(3, 'THREE')}`;
    const headers = { 'last-event-id': '1' };
    expect(await readStream(toUrl(graph.url, status), 'THREE"}}}\n\n', headers)).toBe(missed);
    const after = status.replace('"1"', '"1", after: "2"');
    expect(await readStream(toUrl(graph.url, after), 'THREE"}}}\n\n', headers)).toBe(missed);
    expect(graph.ledger.opened.map(({ args }) => args.after)).toEqual(['1', '1']);
  });

  it('of one client is not where another one begins', async () => {
    await using graph = await startStreamGraph();
    for (const name of ['ONE', 'TWO']) graph.ledger.change('1', name);
    await using socket = await RawSocket.connect(graph.url);
    socket.subscribe('1', status);
    expect(await socket.data()).toEqual({ statusChanged: { status: 'TWO' } });
    const headers = { 'last-event-id': '1' };
    expect(await readStream(toUrl(graph.url, status), '\n\n', headers)).toBe(toEvent(2, 'TWO'));
    await socket.settle();
    expect(socket.messages).toEqual([]);
  });

  it('means nothing to a stream without cursors, and to a query', async () => {
    await using graph = await startStreamGraph();
    const headers = { 'last-event-id': '1' };
    const notes = readStream(toUrl(graph.url, 'subscription { noteAdded { text } }'), 'one', headers);
    await vi.waitUntil(() => graph.ledger.open === 1);
    graph.ledger.addNote('one');
    expect(await notes).toContain('"text":"one"');
    expect(await readStream(toUrl(graph.url, '{ whoAmI }'), 'complete', headers)).toContain('anonymous');
  });
});

it('an EventSource resumes by itself after the last event that it got', async () => {
  await using graph = await startStreamGraph();
  await using network = await startNetwork(graph);
  graph.ledger.change('1', 'ONE');
  const source = new EventSource(toUrl(network.url, status), { node: { reconnectionTime: 20 } });
  const seen: string[] = [];
  source.addEventListener('next', (event) => {
    const { data, lastEventId } = event as MessageEvent;
    seen.push(`${lastEventId} ${data}`);
  });
  await vi.waitUntil(() => seen.length === 1);
  network.cut();
  graph.ledger.change('1', 'TWO');
  graph.ledger.change('1', 'THREE');
  await vi.waitUntil(() => seen.length === 3);
  graph.ledger.change('1', 'FOUR');
  await vi.waitUntil(() => seen.length === 4);
  source.close();
  expect(seen).toEqual(
    ['ONE', 'TWO', 'THREE', 'FOUR'].map(
      (name, index) => `${index + 1} {"data":{"statusChanged":{"status":"${name}"}}}`,
    ),
  );
});
