import type { AddressInfo } from 'node:net';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { fastifyCors } from '@fastify/cors';
import type { AccessTokenVerifier } from '@suvidha/auth';
import type { Log } from '@suvidha/log';
import type { FastifyPluginAsync } from 'fastify';
import { createClientInfoReader } from './auth/client-info.ts';
import { createIdentify } from './auth/identify.ts';
import { RevocationList, type RevocationSource } from './auth/revocation.list.ts';
import { blindTrust } from './auth/trust.ts';
import { createApolloServer } from './http/apollo.server.ts';
import { toCorsOptions } from './http/cross-origin.ts';
import { registerGraphQL } from './http/graphql.routes.ts';
import { registerHealth } from './http/health.routes.ts';
import { registerPages } from './http/pages.routes.ts';
import { createHttpServer } from './http/server.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import type { Pipeline } from './pipeline/pipeline.types.ts';
import {
  createVersionReader,
  type ReadServedVersions,
  ServedVersionList,
} from './release/served-versions.ts';
import { adviseClient, createVersionHook } from './release/version.guard.ts';
import type { ConnectSubgraph } from './subgraph/subgraph-connection.ts';
import { AddressLimit } from './subscription/address.limit.ts';
import { type SocketServerOptions, serveSockets } from './subscription/socket/socket.server.ts';
import { LiveSupergraph } from './supergraph/live-supergraph.ts';
import type { SupergraphSource } from './supergraph/supergraph.source.ts';

export interface GatewayOptions {
  /** The supergraph, and what takes its place later. */
  readonly supergraph: SupergraphSource;
  readonly connect: ConnectSubgraph;
  /** Absent: there are no access tokens, every client is anonymous. */
  readonly verifyToken?: AccessTokenVerifier;
  /** Where revoked sessions stand. Absent: a token holds until it expires. */
  readonly revocations?: RevocationSource;
  /** Whether the supergraph is our own: then the explorer opens with the first journey through it. */
  readonly isOwnGraph: boolean;
  /** Further HTTP below a prefix: public keys, and webhooks when subgraphs run in this process. */
  readonly routes?: readonly { readonly prefix: string; readonly plugin: FastifyPluginAsync }[];
  readonly port: number;
  readonly host: string;
  /** Origins whose pages may call from browsers; a port of `*` stands for any. Absent: only our own pages. */
  readonly allowedOrigins?: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed. Absent: none. */
  readonly trustedProxies?: readonly string[];
  /** Where to read which client versions are served. Default: our own graph says; a foreign one, all are. */
  readonly readServedVersions?: ReadServedVersions;
  /** Sockets and event streams that one client address may have open. Default: see {@link AddressLimit}. */
  readonly maxConnectionsPerAddress?: number;
  /** Default: those that the modules say. */
  readonly subscriptions?: SubscriptionOptions;
  readonly log: Log;
}

export interface SubscriptionOptions {
  readonly sockets?: SocketServerOptions['limits'];
  /** Subscriptions that a new supergraph touches end or move within this time, in milliseconds. */
  readonly reloadWindowMs?: number;
  /** How long a status stream that was lost is tried for again, in milliseconds. */
  readonly resumeTimeoutMs?: number;
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
  const revocations = options.revocations && new RevocationList(options.revocations, log);
  const trust = revocations ?? blindTrust;
  const identify = createIdentify(options.verifyToken, trust);
  const readClient = createClientInfoReader(options.trustedProxies ?? []);
  const pipeline = createPipeline({ supergraph, trust, log, ...options.subscriptions });
  const addresses = new AddressLimit(options.maxConnectionsPerAddress);
  const versions = openVersionList(options, pipeline);
  const server = createHttpServer(log);
  const { allowedOrigins = [] } = options;
  // Before all other hooks: a page may read why it was refused, too.
  if (allowedOrigins.length > 0) await server.register(fastifyCors, toCorsOptions(allowedOrigins));
  server.addHook('onRequest', createVersionHook(versions));
  const apollo = createApolloServer(supergraph, log);
  apollo.addPlugin(fastifyApolloDrainPlugin(server));
  await apollo.start();
  await server.register(registerGraphQL, { apollo, pipeline, identify, readClient, trust, addresses });
  await server.register(registerHealth, { supergraph, revocations });
  await server.register(registerPages, { isOwnGraph: options.isOwnGraph });
  for (const { prefix, plugin } of options.routes ?? []) await server.register(plugin, { prefix });
  let closeSockets = async (): Promise<void> => undefined;
  server.addHook('preClose', () => closeSockets());
  await server.listen({ port, host });
  // Not before: a socket server reports a port that is taken as an error of its own.
  closeSockets = serveSockets(server.server, {
    pipeline,
    admission: { identify, readClient, trust },
    addresses,
    isServed: ({ headers }) => adviseClient(versions, headers).kind !== 'REFUSE',
    limits: options.subscriptions?.sockets,
  });
  const address = server.server.address() as AddressInfo;
  return {
    url: `http://${host === '127.0.0.1' ? 'localhost' : host}:${address.port}`,
    stop: async () => {
      await server.close();
      await apollo.stop();
      versions.close();
      pipeline.close();
      revocations?.close();
      await supergraph.close();
    },
  };
}

/** A foreign graph has no client apps of ours. */
function openVersionList(options: GatewayOptions, pipeline: Pipeline): ServedVersionList {
  const { readServedVersions, isOwnGraph, log } = options;
  const read = readServedVersions ?? (isOwnGraph ? createVersionReader(pipeline) : async () => []);
  return new ServedVersionList(read, log);
}
