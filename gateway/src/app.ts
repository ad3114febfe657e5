import type { AddressInfo } from 'node:net';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { AccessTokenVerifier } from '@suvidha/auth';
import type { Log } from '@suvidha/log';
import type { FastifyPluginAsync } from 'fastify';
import { createIdentify } from './auth/identify.ts';
import { createApolloServer } from './http/apollo.server.ts';
import { registerGraphQL } from './http/graphql.routes.ts';
import { registerHealth } from './http/health.routes.ts';
import { registerPages } from './http/pages.routes.ts';
import { createHttpServer } from './http/server.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import type { ConnectSubgraph } from './subgraph/subgraph-connection.ts';
import { serveSockets } from './subscription/socket.server.ts';
import { LiveSupergraph } from './supergraph/live-supergraph.ts';
import type { SupergraphSource } from './supergraph/supergraph.source.ts';

export interface GatewayOptions {
  /** The supergraph, and what takes its place later. */
  readonly supergraph: SupergraphSource;
  readonly connect: ConnectSubgraph;
  /** Absent: there are no access tokens, every client is anonymous. */
  readonly verifyToken?: AccessTokenVerifier;
  /** Whether the supergraph is our own: then the explorer opens with the first journey through it. */
  readonly isOwnGraph: boolean;
  /** Further HTTP below a prefix: public keys, and webhooks when subgraphs run in this process. */
  readonly routes?: readonly { readonly prefix: string; readonly plugin: FastifyPluginAsync }[];
  readonly port: number;
  readonly host: string;
  readonly log: Log;
}

export interface Gateway {
  readonly url: string;
  /** Tells sockets to reconnect elsewhere, lets requests in flight finish, and closes. */
  stop(): Promise<void>;
}

/** Builds and starts a gateway over a supergraph: the only place that constructs its parts. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, host, port } = options;
  const supergraph = new LiveSupergraph(options.supergraph, options.connect, log);
  const identify = createIdentify(options.verifyToken);
  const pipeline = createPipeline(supergraph, log);
  const server = createHttpServer(log);
  const apollo = createApolloServer(supergraph, log);
  apollo.addPlugin(fastifyApolloDrainPlugin(server));
  await apollo.start();
  await server.register(registerGraphQL, { apollo, pipeline, identify });
  await server.register(registerHealth, { supergraph });
  await server.register(registerPages, { isOwnGraph: options.isOwnGraph });
  for (const { prefix, plugin } of options.routes ?? []) await server.register(plugin, { prefix });
  let closeSockets = async (): Promise<void> => undefined;
  server.addHook('preClose', () => closeSockets());
  await server.listen({ port, host });
  // Not before: a socket server reports a port that is taken as an error of its own.
  closeSockets = serveSockets(server.server, pipeline, identify);
  const address = server.server.address() as AddressInfo;
  return {
    url: `http://${host === '127.0.0.1' ? 'localhost' : host}:${address.port}`,
    stop: async () => {
      await server.close();
      await apollo.stop();
      await supergraph.close();
    },
  };
}
