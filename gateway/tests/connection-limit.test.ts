import { describe, expect, it, vi } from 'vitest';
import { RawSocket } from './support/raw-socket.ts';
import { startStreamGraph } from './support/stream-graph.ts';

const notes = 'subscription { noteAdded { text } }';

function openStream(url: string, headers: Record<string, string> = {}, signal?: AbortSignal) {
  return fetch(`${url}/graphql?query=${encodeURIComponent(notes)}`, {
    headers: { accept: 'text/event-stream', ...headers },
    ...(signal && { signal }),
  });
}

function from(address: string) {
  return { 'x-forwarded-for': address };
}

describe('the connections of one address', () => {
  it('are limited, sockets and event streams together, and make room when they end', async () => {
    await using graph = await startStreamGraph({ maxConnectionsPerAddress: 2 });
    const socket = await RawSocket.connect(graph.url);
    const leaving = new AbortController();
    await openStream(graph.url, {}, leaving.signal);
    await expect(RawSocket.open(graph.url)).rejects.toThrow('429');
    const refused = await openStream(graph.url);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });

    socket.socket.terminate();
    const next = await vi.waitUntil(() => RawSocket.connect(graph.url).catch(() => null));
    await expect(RawSocket.open(graph.url)).rejects.toThrow('429');
    leaving.abort();
    const last = await vi.waitUntil(() => RawSocket.connect(graph.url).catch(() => null));
    await Promise.all([next[Symbol.asyncDispose](), last[Symbol.asyncDispose]()]);
  });

  it('are counted once each, also when the client breaks the protocol', async () => {
    await using graph = await startStreamGraph({ maxConnectionsPerAddress: 1 });
    for (let n = 0; n < 3; n++) {
      const socket = await vi.waitUntil(() => RawSocket.open(graph.url).catch(() => null));
      socket.send('no message');
      await socket.closed;
    }
    await using socket = await vi.waitUntil(() => RawSocket.connect(graph.url).catch(() => null));
    await expect(RawSocket.open(graph.url)).rejects.toThrow('429');
    await socket.settle();
  });

  it('are those of the client behind a proxy that is trusted, and of nobody that it makes up', async () => {
    await using trusting = await startStreamGraph({
      maxConnectionsPerAddress: 1,
      trustedProxies: ['127.0.0.1'],
    });
    await using _one = await RawSocket.open(trusting.url, { headers: from('203.0.113.1') });
    await using _two = await RawSocket.open(trusting.url, { headers: from('203.0.113.2') });
    const made = from('198.51.100.9, 203.0.113.1');
    await expect(RawSocket.open(trusting.url, { headers: made })).rejects.toThrow('429');
    expect((await openStream(trusting.url, made)).status).toBe(429);

    await using wary = await startStreamGraph({ maxConnectionsPerAddress: 1 });
    await using _three = await RawSocket.open(wary.url, { headers: from('203.0.113.1') });
    await expect(RawSocket.open(wary.url, { headers: from('203.0.113.2') })).rejects.toThrow('429');
  });

  it('are those of its network in IPv6', async () => {
    await using graph = await startStreamGraph({
      maxConnectionsPerAddress: 1,
      trustedProxies: ['127.0.0.1'],
    });
    await using _v6 = await RawSocket.open(graph.url, { headers: from('2001:db8:0:1::1') });
    for (const same of ['2001:db8:0:1::2', '2001:0DB8:0000:0001:ffff::', '2001:db8::1:1:2:3:4'])
      await expect(RawSocket.open(graph.url, { headers: from(same) })).rejects.toThrow('429');
    await using _other = await RawSocket.open(graph.url, { headers: from('2001:db8:0:2::1') });
    await using _short = await RawSocket.open(graph.url, { headers: from('::2') });
    await using _v4 = await RawSocket.open(graph.url, { headers: from('::ffff:203.0.113.1') });
    await expect(RawSocket.open(graph.url, { headers: from('203.0.113.1') })).rejects.toThrow('429');
  });
});
