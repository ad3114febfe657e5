import { describe, expect, it, vi } from 'vitest';
import { RawSocket } from './support/raw-socket.ts';
import { startStreamGraph } from './support/stream-graph.ts';

const notes = 'subscription { noteAdded { text } }';
const status = 'subscription ($id: ID!) { s: statusChanged(accountId: $id) { status account { owner } } }';

function toStatus(name: string) {
  return { s: { status: name, account: { owner: 'of asha' } } };
}

describe('a subgraph that is lost', () => {
  it('and comes back: status streams go on after their last cursor, which the client need not select', async () => {
    await using graph = await startStreamGraph({ topology: 'remote' });
    graph.ledger.change('1', 'ONE');
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('1', status, { id: '1' });
    expect(await socket.data()).toEqual(toStatus('ONE'));
    await graph.stopLedger();
    await vi.waitUntil(() => graph.ledger.open === 0);
    graph.ledger.change('1', 'TWO');
    graph.ledger.change('1', 'THREE');
    await graph.startLedger();
    expect([await socket.data(), await socket.data()]).toEqual([toStatus('TWO'), toStatus('THREE')]);
    graph.ledger.change('1', 'FOUR');
    expect(await socket.data()).toEqual(toStatus('FOUR'));
    expect(graph.ledger.opened.map(({ args }) => args.after ?? null)).toEqual([null, '1']);
  });

  it('ends what cannot be resumed with an error; the socket and its other operations go on', async () => {
    await using graph = await startStreamGraph({ topology: 'remote' });
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('notes', notes);
    await vi.waitUntil(() => graph.ledger.open === 1);
    await graph.stopLedger();
    expect(await socket.next('error')).toMatchObject({
      id: 'notes',
      payload: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
    });
    socket.subscribe('again', notes);
    expect(await socket.next('error')).toMatchObject({ id: 'again' });
    await graph.startLedger();
    socket.subscribe('query', '{ whoAmI }');
    expect(await socket.data()).toEqual({ whoAmI: 'asha' });
  });

  it('for longer than is tried: ends status streams with an error too', async () => {
    await using graph = await startStreamGraph({
      topology: 'remote',
      subscriptions: { resumeTimeoutMs: 200 },
    });
    graph.ledger.change('1', 'ONE');
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('1', status, { id: '1' });
    await socket.data();
    await graph.stopLedger();
    expect(await socket.next('error')).toMatchObject({
      id: '1',
      payload: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
    });
    await graph.startLedger();
  });

  it.each(['in process', 'remote'] as const)(
    'from within, %s: a fault in one stream is resumed, and is no loss to the others on the same socket',
    async (topology) => {
      await using graph = await startStreamGraph({ topology });
      graph.ledger.change('1', 'ONE');
      graph.ledger.change('2', 'UNO');
      await using socket = await RawSocket.connect(graph.url, 'asha');
      socket.subscribe('1', status, { id: '1' });
      socket.subscribe('2', status, { id: '2' });
      await socket.next('next');
      await socket.next('next');
      graph.ledger.break('1');
      graph.ledger.change('1', 'TWO', { isLost: true });
      expect(await socket.data()).toEqual(toStatus('TWO'));
      graph.ledger.change('2', 'DUE');
      expect(await socket.next('next')).toMatchObject({ id: '2' });
      expect(graph.ledger.opened).toHaveLength(3);
    },
  );
});

describe('a new supergraph', () => {
  const subscriptions = { reloadWindowMs: 200 };

  it('that changes nothing for a stream leaves it where it is, and one that does ends it with a code', async () => {
    await using graph = await startStreamGraph({ subscriptions });
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('notes', notes);
    socket.subscribe('prices', 'subscription { priceChanged { value } }');
    await vi.waitUntil(() => graph.ledger.open === 2);
    graph.reload({ addsField: 'weather' });
    await vi.waitUntil(async () => {
      socket.subscribe('new', '{ weather }');
      const { type } = await socket.next();
      if (type === 'next') await socket.next('complete');
      return type === 'next';
    });
    graph.ledger.addNote('still here');
    expect(await socket.data()).toEqual({ noteAdded: { text: 'still here' } });

    graph.reload({ dropsNotes: true });
    expect(await socket.next('error')).toMatchObject({
      id: 'notes',
      payload: [{ extensions: { code: 'SCHEMA_RELOADED' } }],
    });
    await vi.waitUntil(() => graph.ledger.open === 1);
    graph.ledger.setPrice(9);
    expect(await socket.data()).toEqual({ priceChanged: { value: 9 } });
    socket.subscribe('notes', notes);
    expect(await socket.next('error')).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });

  it('takes status streams over after their last cursor: nothing is missed, nothing comes twice', async () => {
    await using graph = await startStreamGraph({ subscriptions });
    graph.ledger.change('1', 'ONE');
    await using socket = await RawSocket.connect(graph.url, 'asha');
    for (const id of ['a', 'b']) socket.subscribe(id, status, { id: '1' });
    await socket.next('next');
    await socket.next('next');
    graph.reload({ addsField: 'weather' });
    await vi.waitUntil(() => graph.ledger.opened.length === 2 && graph.ledger.open === 1);
    expect(graph.ledger.opened[1]).toMatchObject({ args: { after: '1' } });
    graph.ledger.change('1', 'TWO');
    const events = [await socket.next('next'), await socket.next('next')];
    expect(events.map(({ id, payload }) => [id, payload?.data])).toEqual(
      expect.arrayContaining([
        ['a', toStatus('TWO')],
        ['b', toStatus('TWO')],
      ]),
    );
    expect(socket.messages).toEqual([]);
  });

  it('spreads the end of those it touches over its window, by chance', async () => {
    await using graph = await startStreamGraph({ subscriptions: { reloadWindowMs: 3_600_000 } });
    await using socket = await RawSocket.connect(graph.url, 'asha');
    for (let n = 0; n < 40; n++) socket.subscribe(String(n), notes);
    await socket.settle();
    // Half of them fall on the beginning of the window, the others on its end, an hour later.
    let drawn = 0;
    vi.spyOn(Math, 'random').mockImplementation(() => drawn++ % 2);
    graph.reload({ dropsNotes: true });
    vi.restoreAllMocks();
    for (let n = 0; n < 20; n++) await socket.next('error');
    graph.ledger.addNote('still here');
    for (let n = 0; n < 20; n++) expect(await socket.data()).toEqual({ noteAdded: { text: 'still here' } });
  });
});
