import type { ConfigOf } from '@suvidha/config';
import { createLog } from '@suvidha/log';
import { type Running, StartError } from '@suvidha/process';
import { startGateway } from './app.ts';
import type { standaloneVariables } from './config.ts';
import { connectRemote } from './subgraph/remote.connection.ts';
import type { ConnectSubgraph } from './subgraph/subgraph-connection.ts';
import { openSupergraphFile } from './supergraph/supergraph.source.ts';

/** Only the gateway, over any supergraph file, with the addresses that stand in it. */
export async function startStandaloneGateway(
  file: string,
  { http, log: { level } }: ConfigOf<typeof standaloneVariables>,
): Promise<Running> {
  const supergraph = await openSupergraphFile(file);
  const log = createLog({ service: 'gateway', level });
  try {
    const gateway = await startGateway({
      supergraph,
      connect: connectForeign,
      isOwnGraph: false,
      ...http,
      log,
    });
    log.info({ url: gateway.url }, 'listening');
    return gateway;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw error;
    throw new StartError(`The supergraph file ${file} is not valid: ${toReason(error)}`);
  }
}

/** Foreign subgraphs have no health route that we know of: the gateway is ready when it listens. */
const connectForeign: ConnectSubgraph = (subgraph) => ({
  ...connectRemote(subgraph),
  isReady: async () => true,
});

function toReason(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it cannot be understood';
}
