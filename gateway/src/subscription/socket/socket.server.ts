import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AddressLimit } from '../address.limit.ts';
import { closings } from './close.codes.ts';
import { Rounds } from './rounds.ts';
import { SocketConnection, type SocketLimits, type SocketParts } from './socket.connection.ts';

const maxPayloadBytes = 1024 * 1024;
const checkIntervalMs = 1_000;
/** How long a client may take to answer our closing, in milliseconds. */
const closeTimeoutMs = 2_000;

export interface SocketServerOptions extends Omit<SocketParts, 'limits'> {
  readonly addresses: AddressLimit;
  readonly limits?: Partial<SocketLimits & ServerLimits> | undefined;
  /** Whether the version of the client that connects is served. Default: every version is. */
  readonly isServed?: (request: IncomingMessage) => boolean;
}

interface ServerLimits {
  /** Connections that this process takes. */
  readonly maxConnections: number;
}

const defaultLimits: SocketLimits & ServerLimits = {
  initTimeoutMs: 3_000,
  pingIntervalMs: 20_000,
  silenceMs: 70_000,
  maxOperations: 1_000,
  maxOperationsText: 8 * 1024 * 1024,
  maxMessagesPerSecond: 2_000,
  maxConnections: 50_000,
};

/**
 * Serves `graphql-transport-ws` on `/graphql`. No token makes an anonymous connection; a bad one closes it with 4403, and
 * so does a token that expires or a session that is revoked.
 * @returns ends all connections (1001 Going away).
 */
export function serveSockets(server: Server, options: SocketServerOptions): () => Promise<void> {
  const limits = { ...defaultLimits, ...options.limits };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    handleProtocols: (offered) => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  const checks = new Rounds<SocketConnection>(checkIntervalMs, (connection) =>
    connection.check(performance.now()),
  );
  const accept = (socket: WebSocket, wire: Duplex, request: IncomingMessage) => {
    // A frame that breaks the protocol ends its own connection; unheard, the error would end the process.
    socket.on('error', () => undefined);
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL)
      return socket.close(closings.badProtocol.code, closings.badProtocol.reason);
    socket.on('close', checks.add(new SocketConnection(socket, wire, request, { ...options, limits })));
  };
  server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    if (pathOf(request) !== '/graphql') return refuse(wire, '404 Not Found');
    if (options.isServed?.(request) === false) return refuse(wire, '403 Forbidden');
    if (sockets.clients.size >= limits.maxConnections) return refuse(wire, '503 Service Unavailable');
    const { address = '' } = options.admission.readClient(request);
    const leave = options.addresses.take(address);
    if (!leave) return refuse(wire, '429 Too Many Requests');
    wire.once('close', leave);
    sockets.handleUpgrade(request, wire, head, (socket) => accept(socket, wire, request));
  });
  return async () => {
    checks.stop();
    await closeAll(sockets);
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

/** The HTTP server has let go of the connection: its errors and its end are ours. */
function refuse(wire: Duplex, status: string): void {
  wire.on('error', () => wire.destroy());
  wire.once('finish', () => wire.destroy());
  wire.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 5\r\n\r\n`);
}

async function closeAll(sockets: WebSocketServer): Promise<void> {
  const { code, reason } = closings.goingAway;
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, closeTimeoutMs);
  sockets.close(() => resolve());
  for (const socket of sockets.clients) socket.close(code, reason);
  await promise;
  clearTimeout(late);
}
