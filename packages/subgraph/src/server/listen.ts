import type { AddressInfo } from 'node:net';
import type { Log } from '@suvidha/log';
import { fastify } from 'fastify';
import type { SubgraphApp } from './app.ts';
import { registerInternalRoutes } from './internal-routes.ts';
import { acceptSockets } from './sockets.ts';

export interface ListenOptions {
  readonly port: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Secret of the signed identity: calls without one are refused. */
  readonly internalSecret: string;
  readonly log: Log;
}

export interface SubgraphServer {
  readonly url: string;
  /** Ends the sockets, lets requests in flight finish, then closes. */
  close(): Promise<void>;
}

const bodyLimitBytes = 2 * 1024 * 1024;

/** Serves a subgraph over HTTP and WebSocket to the gateway and to services that deliver events. */
export async function listen(app: SubgraphApp, options: ListenOptions): Promise<SubgraphServer> {
  const server = fastify({ bodyLimit: bodyLimitBytes, forceCloseConnections: 'idle' });
  await server.register(registerInternalRoutes, { app, internalSecret: options.internalSecret });
  await server.register(app.routes);
  let closeSockets = async (): Promise<void> => undefined;
  server.addHook('preClose', () => closeSockets());
  await server.listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  // Not before: a socket server reports a port that is taken as an error of its own.
  closeSockets = acceptSockets(server.server, app, options.internalSecret);
  const { port } = server.server.address() as AddressInfo;
  options.log.info({ port }, 'listening');
  return { url: `http://${options.host ?? '127.0.0.1'}:${port}`, close: () => server.close() };
}
