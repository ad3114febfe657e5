import { createAccessTokenVerifier } from '@suvidha/auth';
import { createLog } from '@suvidha/log';
import { type Running, StartError } from '@suvidha/process';
import type { FastifyPluginAsync } from 'fastify';
import { createRemoteJWKSet } from 'jose';
import { startGateway } from './app.ts';
import { createRemoteRevocations } from './auth/remote.revocations.ts';
import type { GatewayConfig } from './config.ts';
import { forwardArchives } from './http/archive.routes.ts';
import { connectRemote } from './subgraph/remote.connection.ts';
import { openSupergraphFile } from './supergraph/supergraph.source.ts';

const ownSupergraph = new URL('../../schema/supergraph.graphql', import.meta.url).pathname;

/** The gateway as a process of its own, over our subgraphs as processes of theirs. */
export async function startConfiguredGateway(config: GatewayConfig): Promise<Running> {
  const log = createLog({ service: 'gateway', level: config.log.level });
  const keysUrl = new URL('/.well-known/jwks.json', config.services.identity);
  const gateway = await startGateway({
    supergraph: await openSupergraphFile(ownSupergraph),
    connect: ({ name }) =>
      connectRemote({
        name,
        url: `${serviceUrl(config, name)}/graphql`,
        internalSecret: config.internal.secret,
      }),
    verifyToken: createAccessTokenVerifier(createRemoteJWKSet(keysUrl)),
    revocations: createRemoteRevocations({
      identityUrl: config.services.identity,
      internalSecret: config.internal.secret,
    }),
    isOwnGraph: true,
    routes: [
      { prefix: '/', plugin: forwardKeys(keysUrl) },
      { prefix: '/', plugin: forwardArchives(config.services.identity) },
    ],
    ...config.http,
    log,
  });
  log.info({ url: gateway.url }, 'listening');
  return gateway;
}

function serviceUrl({ services }: GatewayConfig, name: string): string {
  const url = Object.hasOwn(services, name) ? services[name as keyof GatewayConfig['services']] : undefined;
  if (!url)
    throw new StartError(`The supergraph names a subgraph ${name}, for which no address is configured.`);
  return url.replace(/\/$/, '');
}

/** Clients know the gateway only, so it shows identity's public keys too. */
function forwardKeys(keysUrl: URL): FastifyPluginAsync {
  return async (server) => {
    server.get('/.well-known/jwks.json', async (_request, reply) => {
      const response = await fetch(keysUrl, { signal: AbortSignal.timeout(5_000) });
      return reply.header('cache-control', 'public, max-age=300').send(await response.json());
    });
  };
}
