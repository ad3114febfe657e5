import { describe, expect, it, vi } from 'vitest';
import { RawSocket } from './support/raw-socket.ts';
import { startStreamGraph } from './support/stream-graph.ts';

/** Ways to write the same subscription; none selects what the gateway needs to resume it. */
const documents: readonly [string, string, object][] = [
  ['without after', 'subscription { statusChanged(accountId: "1") { status } }', {}],
  ['with after null', 'subscription { statusChanged(accountId: "1", after: null) { status } }', {}],
  [
    'with a variable that is not given',
    'subscription ($a: String) { statusChanged(accountId: "1", after: $a) { status } }',
    {},
  ],
  [
    'with an alias and variables',
    'subscription ($id: ID!, $a: String) { it: statusChanged(accountId: $id, after: $a) { status } }',
    { id: '1', a: null },
  ],
  [
    'with fragments and a condition',
    `subscription ($yes: Boolean!) { ...Watch } fragment Watch on Subscription {
      statusChanged(accountId: "1") { ... on StatusEvent @include(if: $yes) { state: status } } }`,
    { yes: true },
  ],
];

describe.each(documents)('a status stream %s', (_how, query, variables) => {
  it('is resumed after its last cursor, and shows the client nothing that it did not select', async () => {
    await using graph = await startStreamGraph();
    graph.ledger.change('1', 'ONE');
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('1', query, variables);
    const first = JSON.stringify(await socket.data());
    expect(first).toMatch(/^\{"\w+":\{"(status|state)":"ONE"\}\}$/);
    graph.ledger.break('1');
    graph.ledger.change('1', 'TWO', { isLost: true });
    expect(JSON.stringify(await socket.data())).toBe(first.replace('ONE', 'TWO'));
    expect(graph.ledger.opened.map(({ args }) => args.after ?? null)).toEqual([null, '1']);
  });
});

describe('a cursor of the client', () => {
  it.each([
    ['subscription { statusChanged(accountId: "1", after: "1") { status } }', {}],
    ['subscription ($a: String) { statusChanged(accountId: "1", after: $a) { status cursor } }', { a: '1' }],
    ['subscription ($a: String = "1") { statusChanged(accountId: "1", after: $a) { status } }', {}],
  ])('is where the stream begins: %s', async (query, variables) => {
    await using graph = await startStreamGraph();
    for (const status of ['ONE', 'TWO', 'THREE']) graph.ledger.change('1', status);
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('1', query, variables);
    expect([await socket.data(), await socket.data()]).toMatchObject([
      { statusChanged: { status: 'TWO' } },
      { statusChanged: { status: 'THREE' } },
    ]);
    expect(graph.ledger.opened).toMatchObject([{ args: { after: '1' } }]);
  });

  it('makes a stream of its own: others with another one do not share it', async () => {
    await using graph = await startStreamGraph();
    for (const status of ['ONE', 'TWO', 'THREE']) graph.ledger.change('1', status);
    await using socket = await RawSocket.connect(graph.url, 'asha');
    const query = 'subscription ($a: String) { statusChanged(accountId: "1", after: $a) { status } }';
    socket.subscribe('one', query, { a: '1' });
    socket.subscribe('two', query, { a: '2' });
    await vi.waitUntil(() => socket.messages.filter(({ type }) => type === 'next').length === 3);
    expect(graph.ledger.open).toBe(2);
  });
});
