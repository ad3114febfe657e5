import { once } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startTestGraph, tokens, userActor } from './support/test-graph.ts';

function connect(url: string, connectionParams: Record<string, unknown> = {}): Client {
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams,
  });
}

/** A socket that speaks the protocol by hand. */
async function openRaw(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  return socket;
}

const joined = { query: 'subscription { userJoined { id name rating seenBy } }' };

describe('subscriptions over graphql-transport-ws', () => {
  it('completes each event from other subgraphs, under the identity of the socket', async () => {
    await using graph = await startTestGraph();
    const client = connect(graph.gateway.url, { authorization: 'Bearer asha' });
    const events = client.iterate(joined);
    const first = events.next();
    await vi.waitUntil(() => graph.joins.open === 1);
    graph.joins.push('7');
    expect((await first).value).toEqual({
      data: { userJoined: { id: '7', name: 'user 7', rating: 7, seenBy: 'asha' } },
    });
    await client.dispose();
  });

  it('ends a quiet upstream as soon as its subscriber leaves', async () => {
    await using graph = await startTestGraph();
    const client = connect(graph.gateway.url);
    const events = client.iterate(joined);
    void events.next();
    await vi.waitUntil(() => graph.joins.open === 1);
    await events.return?.();
    await vi.waitUntil(() => graph.joins.open === 0);
    await client.dispose();
  });

  it('ends its upstreams when the socket is cut off', async () => {
    await using graph = await startTestGraph();
    const socket = await openRaw(graph.gateway.url);
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: joined }));
    await vi.waitUntil(() => graph.joins.open === 1);
    socket.terminate();
    await vi.waitUntil(() => graph.joins.open === 0);
  });

  it('answers queries over the socket too, and errors of one operation only', async () => {
    await using graph = await startTestGraph();
    const client = connect(graph.gateway.url);
    const ask = async (query: string) => (await client.iterate({ query }).next()).value;
    await expect(ask('{ nobody }')).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(await ask('{ whoAmI }')).toEqual({ data: { whoAmI: 'anonymous' } });
    await client.dispose();
  });
});

describe('who may connect', () => {
  it('closes with 4403 on a bad token', async () => {
    await using graph = await startTestGraph();
    const socket = await openRaw(graph.gateway.url);
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer forged' } }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(4403);
  });

  it('closes with 4403 when the token expires', async () => {
    const verifyToken = async () => ({ actor: userActor('asha'), expiresAt: new Date(Date.now() + 100) });
    await using graph = await startTestGraph({ verifyToken });
    const socket = await openRaw(graph.gateway.url);
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer asha' } }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(4403);
  });

  it('refuses a subscription before the connection was acknowledged with 4401', async () => {
    await using graph = await startTestGraph();
    const socket = await openRaw(graph.gateway.url);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: joined }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(4401);
    expect(tokens.asha).toBeDefined();
  });
});
