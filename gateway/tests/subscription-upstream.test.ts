import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { ClientApp, identityHeader, Role, verifyIdentity } from '@suvidha/auth';
import { createLog } from '@suvidha/log';
import { parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { connectRemote, fixedSupergraph, startGateway } from '../src/index.ts';
import { RawSocket } from './support/raw-socket.ts';

const internalSecret = 'a secret that only tests know and use';
const query = 'subscription Watch($room: ID!) { said(room: $room) }';

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly payload: { readonly query: string; readonly extensions: Record<string, string> };
}

/** A subgraph that a test plays by hand, behind a gateway. */
async function startScene({ acknowledges = true } = {}) {
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const sockets: { socket: WebSocket; headers: IncomingHttpHeaders; sent: Sent[] }[] = [];
  new WebSocketServer({ server: http, path: '/graphql', autoPong: true }).on(
    'connection',
    (socket, request) => {
      const connection = { socket, headers: request.headers, sent: [] as Sent[] };
      sockets.push(connection);
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'connection_init' && acknowledges) socket.send('{"type":"connection_ack"}');
        else connection.sent.push(message);
      });
    },
  );
  const { supergraphSdl = '' } = composeServices([
    {
      name: 'rooms',
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
      typeDefs: parse('type Query { ok: Boolean } type Subscription { said(room: ID!): String }'),
    },
  ]);
  const gateway = await startGateway({
    supergraph: fixedSupergraph(supergraphSdl),
    connect: ({ name, url }) =>
      connectRemote({ name, url, internalSecret, answerTimeoutMs: 300, pingIntervalMs: 100 }),
    verifyToken: async (userId) => ({
      actor: {
        kind: 'user',
        userId,
        sessionId: 'one',
        clientApp: ClientApp.WEB,
        roles: [Role.USER],
        scopes: [],
      },
      expiresAt: new Date(Date.now() + 60_000),
    }),
    isOwnGraph: false,
    port: 0,
    host: '127.0.0.1',
    log: createLog({ service: 'test', level: 'silent' }),
  });
  return {
    url: gateway.url,
    sockets,
    /** Waits for a subscribe message on the newest socket. */
    untilSubscribed: (count = 1) =>
      vi.waitUntil(() => {
        const subscribed = sockets.at(-1)?.sent.filter(({ type }) => type === 'subscribe') ?? [];
        return subscribed.length === count ? subscribed : false;
      }),
    [Symbol.asyncDispose]: async () => {
      for (const { socket } of sockets) socket.terminate();
      await gateway.stop();
      http.close();
    },
  };
}

const interrupted = [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }];

describe('what a subgraph gets of a subscription', () => {
  it('is the operation with its variables and a signed identity; nothing of the client besides', async () => {
    await using scene = await startScene();
    await using client = await RawSocket.open(scene.url, {
      headers: { cookie: 'session=secret', 'x-forwarded-user': 'admin', authorization: 'Bearer asha' },
    });
    client.send({ type: 'connection_init', payload: { authorization: 'Bearer asha', secret: 'mine' } });
    await client.next('connection_ack');
    client.send({
      id: 'mine',
      type: 'subscribe',
      payload: { query, operationName: 'Watch', variables: { room: '7' }, extensions: { secret: 'mine' } },
    });
    const [subscribe] = await scene.untilSubscribed();
    const { extensions, ...call } = subscribe!.payload;
    expect(call).toMatchObject({ variables: { room: '7' }, operationName: expect.stringContaining('Watch') });
    expect(Object.keys(extensions)).toEqual([identityHeader]);
    const identity = verifyIdentity(internalSecret, extensions[identityHeader]!, {
      audience: 'rooms',
      operation: JSON.stringify({
        query: subscribe!.payload.query,
        variables: { room: '7' },
        operationName: (call as unknown as { operationName: string }).operationName,
      }),
    });
    expect(identity?.actor).toMatchObject({ userId: 'asha' });
    const { headers } = scene.sockets[0]!;
    expect([headers.cookie, headers.authorization, headers['x-forwarded-user']]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(scene.sockets[0]!.sent)).not.toContain('mine');
  });

  it('comes over one socket for all operations of all clients', async () => {
    await using scene = await startScene();
    await using asha = await RawSocket.connect(scene.url, 'asha');
    await using ravi = await RawSocket.connect(scene.url, 'ravi');
    asha.subscribe('1', query, { room: '1' });
    asha.subscribe('2', query, { room: '2' });
    ravi.subscribe('1', query, { room: '1' });
    await scene.untilSubscribed(3);
    expect(scene.sockets).toHaveLength(1);
  });
});

describe('a subgraph that is lost', () => {
  it.each<[string, (socket: WebSocket) => void]>([
    ['drops the connection', (socket) => socket.terminate()],
    ['closes it', (socket) => socket.close(1011, 'broken')],
    [
      'sends more than can be held',
      (socket) => socket.send(`{"type":"ping","payload":{"x":"${'x'.repeat(33 * 1024 * 1024)}"}}`),
    ],
    [
      'freezes, and answers no ping',
      (socket) => {
        socket.pause();
      },
    ],
  ])('because it %s: an error of the operation, and the client stays connected', async (_how, lose) => {
    await using scene = await startScene();
    await using client = await RawSocket.connect(scene.url, 'asha');
    client.subscribe('1', query, { room: '1' });
    const [subscribe] = await scene.untilSubscribed();
    const { socket } = scene.sockets[0]!;
    socket.send(JSON.stringify({ id: subscribe!.id, type: 'next', payload: { data: { said: 'hello' } } }));
    expect(await client.data()).toEqual({ said: 'hello' });
    lose(socket);
    expect(await client.next('error')).toMatchObject({ id: '1', payload: interrupted });
    client.subscribe('1', query, { room: '1' });
    await vi.waitUntil(() => scene.sockets.length === 2);
    await scene.untilSubscribed();
  });

  it('because it never acknowledges: an error in time', async () => {
    await using scene = await startScene({ acknowledges: false });
    await using client = await RawSocket.connect(scene.url, 'asha');
    client.subscribe('1', query, { room: '1' });
    expect(await client.next('error')).toMatchObject({ id: '1', payload: interrupted });
  });

  it('sends many events and completes, or refuses, one operation: so does the gateway', async () => {
    await using scene = await startScene();
    await using client = await RawSocket.connect(scene.url, 'asha');
    client.subscribe('1', query, { room: '1' });
    client.subscribe('2', query, { room: '2' });
    const [first, second] = await scene.untilSubscribed(2);
    const { socket } = scene.sockets[0]!;
    const said = ['one', 'two', 'three'];
    for (const text of said)
      socket.send(JSON.stringify({ id: first!.id, type: 'next', payload: { data: { said: text } } }));
    socket.send(JSON.stringify({ id: first!.id, type: 'complete' }));
    for (const text of said) expect(await client.data()).toEqual({ said: text });
    expect(await client.next('complete')).toEqual({ id: '1', type: 'complete' });
    const refusal = { message: 'There is no such room.', extensions: { code: 'NOT_FOUND' } };
    socket.send(JSON.stringify({ id: second!.id, type: 'error', payload: [refusal] }));
    const answer = await client.next('next');
    expect(answer).toMatchObject({ id: '2', payload: { data: { said: null } } });
    expect(answer.payload?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await client.next('complete')).toMatchObject({ id: '2' });
  });
});
