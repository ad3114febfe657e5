import { identityHeader, signIdentity } from '@suvidha/auth';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createHttpClient, type RequestContext, type SubgraphRequest } from '../engine/index.ts';
import { callIdentityOf } from '../pipeline/client-identity.ts';
import type { SubgraphConnection, SubgraphEvents } from './subgraph-connection.ts';

export interface RemoteOptions {
  readonly name: string;
  /** GraphQL endpoint over HTTP; sockets go to the same path. */
  readonly url: string;
  /** Secret of the signed identity. Absent: calls carry none, as for a foreign supergraph. */
  readonly internalSecret?: string | undefined;
}

const readyTimeoutMs = 2_000;

/** Reaches a subgraph over keep-alive HTTP, and over one multiplexed socket for all its subscriptions. */
export function connectRemote({ name, url, internalSecret }: RemoteOptions): SubgraphConnection {
  const sign = (context: RequestContext, operation: string): Record<string, string> =>
    internalSecret
      ? {
          [identityHeader]: signIdentity(internalSecret, callIdentityOf(context), {
            audience: name,
            operation,
          }),
        }
      : {};
  const sockets = createSocketClient(url);
  const client = createHttpClient({ url, headers: (context, { body }) => sign(context, body) });
  return {
    client,
    subscribe: async (request, context) => openEvents(sockets, toPayload(request, context, sign)),
    isReady: () => isReady(url),
    close: async () => {
      await sockets.dispose();
    },
  };
}

/** A lost socket ends its operations with an error: their clients resume with a cursor, under a fresh identity. */
function createSocketClient(url: string): Client {
  return createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    keepAlive: 10_000,
  });
}

function toPayload(
  { query, operationName, variables }: SubgraphRequest,
  context: RequestContext,
  sign: (context: RequestContext, operation: string) => Record<string, string>,
): SubscribePayload {
  const call = { query, variables, operationName };
  return { ...call, extensions: sign(context, JSON.stringify(call)) };
}

function openEvents(sockets: Client, payload: SubscribePayload): SubgraphEvents {
  return sockets.iterate(payload) as SubgraphEvents;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health/ready', url), {
      signal: AbortSignal.timeout(readyTimeoutMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
