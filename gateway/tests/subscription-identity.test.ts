import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Revocation, RevocationSource } from '../src/auth/revocation.list.ts';
import { post } from './support/http.ts';
import { RawSocket } from './support/raw-socket.ts';
import { type StreamGraphOptions, startStreamGraph, verifyTestToken } from './support/stream-graph.ts';

const notes = 'subscription { noteAdded { text account { owner } } }';

/** An identity service that a test revokes sessions in, and takes away. */
class Revocations implements RevocationSource {
  readonly #all: Revocation[] = [];
  #isGone = false;
  #wake: () => void = () => undefined;

  revoke(revocation: Revocation): void {
    this.#all.push(revocation);
    this.#wake();
  }

  takeAway(): void {
    this.#isGone = true;
    this.#wake();
  }

  bringBack(): void {
    this.#isGone = false;
    this.#wake();
  }

  async read(since: string | undefined, signal: AbortSignal) {
    const from = Number(since ?? 0);
    if (since !== undefined && this.#all.length === from && !this.#isGone)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 1_000).unref();
        signal.addEventListener('abort', () => resolve());
      });
    if (this.#isGone) throw new Error('connection refused');
    return { revocations: this.#all.slice(from), cursor: String(this.#all.length) };
  }
}

afterEach(() => {
  vi.useRealTimers();
});

async function startWithRevocations(options: StreamGraphOptions = {}) {
  const revocations = new Revocations();
  const graph = await startStreamGraph({ ...options, revocations });
  await vi.waitUntil(async () => (await fetch(`${graph.url}/health/ready`)).ok);
  return { graph, revocations };
}

describe('the token of a socket', () => {
  it('may be absent, and then nobody is logged in', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url);
    socket.subscribe('1', notes);
    await vi.waitUntil(() => graph.ledger.open === 1);
    graph.ledger.addNote('one');
    expect(await socket.data()).toEqual({ noteAdded: { text: 'one', account: { owner: 'of anonymous' } } });
  });

  it('comes with init under either name, or with the upgrade where a client can set headers', async () => {
    await using graph = await startStreamGraph();
    const askOn = async (socket: RawSocket) => {
      await socket.next('connection_ack');
      socket.subscribe('1', '{ whoAmI }');
      return socket.data();
    };
    for (const payload of [{ authorization: 'Bearer asha' }, { Authorization: 'bearer asha' }]) {
      await using socket = await RawSocket.open(graph.url);
      socket.send({ type: 'connection_init', payload });
      expect(await askOn(socket)).toEqual({ whoAmI: 'asha' });
    }
    await using socket = await RawSocket.open(graph.url, { headers: { authorization: 'Bearer ravi' } });
    socket.send({ type: 'connection_init' });
    expect(await askOn(socket)).toEqual({ whoAmI: 'ravi' });
  });

  it.each([['Bearer forged'], ['asha'], ['Bearer'], [42], [{ token: 'asha' }]])(
    'closes with 4403 when it is bad: %j',
    async (authorization) => {
      await using graph = await startStreamGraph();
      const socket = await RawSocket.open(graph.url);
      socket.send({ type: 'connection_init', payload: { authorization } });
      expect(await socket.closed).toMatchObject({ code: 4403 });
      expect(socket.messages).toEqual([]);
    },
  );

  it('closes with 4403 when it expires, and ends what ran', async () => {
    await using graph = await startStreamGraph();
    const socket = await RawSocket.connect(graph.url, 'asha.300');
    socket.subscribe('1', notes);
    await vi.waitUntil(() => graph.ledger.open === 1);
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Forbidden: the access token has expired' });
    await vi.waitUntil(() => graph.ledger.open === 0);
  });
});

describe('a ping with an access token', () => {
  it('extends the connection without a gap', async () => {
    await using graph = await startStreamGraph();
    await using socket = await RawSocket.connect(graph.url, 'asha.400');
    const notExtended = await RawSocket.connect(graph.url, 'asha.400');
    socket.subscribe('1', notes);
    await vi.waitUntil(() => graph.ledger.open === 1);
    socket.send({ type: 'ping', payload: { accessToken: 'asha.3600000' } });
    const pong = await socket.next('pong');
    expect(pong.payload).toEqual({ accessTokenExpiresAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    await notExtended.closed;
    graph.ledger.addNote('still here');
    expect(await socket.data()).toMatchObject({ noteAdded: { text: 'still here' } });
    expect(graph.ledger.opened).toHaveLength(1);
  });

  it('closes with 4403 when it is bad, expired or for somebody else', async () => {
    await using graph = await startStreamGraph();
    for (const accessToken of ['forged', 'ravi', 'asha.0']) {
      const socket = await RawSocket.connect(graph.url, 'asha');
      socket.send({ type: 'ping', payload: { accessToken } });
      expect(await socket.closed).toMatchObject({ code: 4403 });
    }
  });

  it('logs an anonymous connection in, and moves what runs there to the new identity', async () => {
    await using graph = await startStreamGraph();
    graph.ledger.change('1', 'PENDING');
    await using socket = await RawSocket.connect(graph.url);
    socket.subscribe('1', 'subscription { statusChanged(accountId: "1") { status account { owner } } }');
    expect(await socket.data()).toEqual({
      statusChanged: { status: 'PENDING', account: { owner: 'of anonymous' } },
    });
    socket.send({ type: 'ping', payload: { accessToken: 'asha' } });
    await socket.next('pong');
    await vi.waitUntil(() => graph.ledger.opened.length === 2);
    expect(graph.ledger.opened[1]).toMatchObject({ by: 'asha', args: { after: '1' } });
    await vi.waitUntil(() => graph.ledger.open === 1);
    graph.ledger.change('1', 'PAID');
    expect(await socket.data()).toEqual({ statusChanged: { status: 'PAID', account: { owner: 'of asha' } } });
  });
});

describe('a token on an event stream over HTTP', () => {
  it('ends the stream with an error when it expires', async () => {
    await using graph = await startStreamGraph();
    const response = await fetch(`${graph.url}/graphql?query=${encodeURIComponent(notes)}`, {
      headers: { accept: 'text/event-stream', authorization: 'Bearer asha.200' },
    });
    const text = await response.text();
    expect(text).toContain('"reason":"TOKEN_EXPIRED"');
    expect(text).toMatch(/event: complete\ndata:\n\n$/);
    await vi.waitUntil(() => graph.ledger.open === 0);
  });
});

describe('revocation', () => {
  it('ends the sockets and streams of a session at once, and of no other', async () => {
    const { graph, revocations } = await startWithRevocations();
    await using _ = graph;
    const revoked = await RawSocket.connect(graph.url, 'asha.60000.one');
    await using other = await RawSocket.connect(graph.url, 'asha.60000.two');
    const stream = fetch(`${graph.url}/graphql?query=${encodeURIComponent(notes)}`, {
      headers: { accept: 'text/event-stream', authorization: 'Bearer asha.60000.one' },
    });
    revoked.subscribe('1', notes);
    other.subscribe('1', notes);
    await vi.waitUntil(() => graph.ledger.open === 2);
    const response = await stream;
    revocations.revoke({ kind: 'session', id: 'one', notBefore: new Date() });
    expect(await revoked.closed).toEqual({ code: 4403, reason: 'Forbidden: the session was ended' });
    expect(await response.text()).toContain('"reason":"SESSION_REVOKED"');
    await vi.waitUntil(() => graph.ledger.open === 1);
    graph.ledger.addNote('one');
    expect(await other.data()).toMatchObject({ noteAdded: { text: 'one' } });

    const again = await RawSocket.open(graph.url);
    again.send({ type: 'connection_init', payload: { authorization: 'Bearer asha.60000.one' } });
    expect(await again.closed).toMatchObject({ code: 4403 });
    const asked = await post(graph.url, { query: '{ whoAmI }', authorization: 'Bearer asha.60000.one' });
    expect(asked).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' } }] },
    });
  });

  it('finds who connects at that very moment', async () => {
    let verified = Promise.withResolvers<void>();
    let asked = Promise.withResolvers<void>();
    const { graph, revocations } = await startWithRevocations({
      verifyToken: async (token) => {
        asked.resolve();
        await verified.promise;
        return verifyTestToken(token);
      },
    });
    await using _ = graph;
    // Each round revokes one step later in the course of identifying the client.
    for (let steps = 0; steps < 16; steps++) {
      verified = Promise.withResolvers();
      asked = Promise.withResolvers();
      const socket = await RawSocket.open(graph.url);
      socket.send({ type: 'connection_init', payload: { authorization: `Bearer asha.60000.${steps}` } });
      await asked.promise;
      verified.resolve();
      for (let step = 0; step < steps; step++) await Promise.resolve();
      revocations.revoke({ kind: 'session', id: String(steps), notBefore: new Date() });
      expect(await socket.closed).toMatchObject({ code: 4403 });
    }
  });

  it('of a person counts for tokens issued before, not after', async () => {
    const { graph, revocations } = await startWithRevocations();
    await using _ = graph;
    const before = await RawSocket.connect(graph.url, 'asha');
    await using ravi = await RawSocket.connect(graph.url, 'ravi');
    revocations.revoke({ kind: 'user', id: 'asha', notBefore: new Date() });
    expect(await before.closed).toMatchObject({ code: 4403 });
    await using after = await RawSocket.connect(graph.url, 'asha');
    await after.settle();
    await ravi.settle();
  });

  it('makes the gateway unready, and work for who is logged in refused, while it cannot be read', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { graph, revocations } = await startWithRevocations();
    await using _ = graph;
    await using socket = await RawSocket.connect(graph.url, 'asha');
    socket.subscribe('stream', notes);
    await vi.waitUntil(() => graph.ledger.open === 1);
    revocations.takeAway();
    vi.setSystemTime(Date.now() + 6_000);

    expect((await fetch(`${graph.url}/health/ready`)).status).toBe(503);
    const asked = await post(graph.url, { query: '{ whoAmI }', authorization: 'Bearer asha' });
    expect(asked).toMatchObject({
      status: 503,
      body: { errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE', reason: 'REVOCATIONS_UNKNOWN' } }] },
    });
    expect((await post(graph.url, { query: '{ whoAmI }' })).body).toEqual({ data: { whoAmI: 'anonymous' } });
    socket.subscribe('query', '{ whoAmI }');
    expect(await socket.next('error')).toMatchObject({
      payload: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
    });
    const late = await RawSocket.open(graph.url);
    late.send({ type: 'connection_init', payload: { authorization: 'Bearer asha' } });
    expect(await late.closed).toMatchObject({ code: 1013 });

    graph.ledger.addNote('held back');
    await socket.settle();
    expect(socket.messages).toEqual([]);
    revocations.bringBack();
    expect(await socket.data()).toMatchObject({ noteAdded: { text: 'held back' } });
  });
});
