import { identityHeader, signIdentity } from '@suvidha/auth';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import { callIdentityOf } from '../auth/client-identity.ts';
import {
  createHttpClient,
  type RequestContext,
  type SubgraphRequest,
  type SubgraphResponse,
} from '../engine/index.ts';
import type { SubgraphConnection, SubgraphEvents } from './subgraph-connection.ts';

export interface RemoteOptions {
  readonly name: string;
  /** GraphQL endpoint over HTTP; sockets go to the same path. */
  readonly url: string;
  /** Secret of the signed identity. Absent: calls carry none, as for a foreign supergraph. */
  readonly internalSecret?: string | undefined;
  /** A socket that has not been acknowledged, or whose ping was not answered, after this long is taken as gone. Default 5 000. */
  readonly answerTimeoutMs?: number;
  /** Default 10 000. */
  readonly pingIntervalMs?: number;
}

const readyTimeoutMs = 2_000;
/** A larger message ends the socket: as much as an answer over HTTP may have. */
const maxMessageBytes = 32 * 1024 * 1024;

class SubgraphSocket extends WebSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols, { maxPayload: maxMessageBytes });
  }
}

/** Reaches a subgraph over keep-alive HTTP, and over one multiplexed socket for all its subscriptions. */
export function connectRemote({
  name,
  url,
  internalSecret,
  answerTimeoutMs = 5_000,
  pingIntervalMs = 10_000,
}: RemoteOptions): SubgraphConnection {
  const sign = (context: RequestContext, operation: string): Record<string, string> =>
    internalSecret
      ? {
          [identityHeader]: signIdentity(internalSecret, callIdentityOf(context), {
            audience: name,
            operation,
          }),
        }
      : {};
  const sockets = createSocketClient(url, { answerTimeoutMs, pingIntervalMs });
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

/** A lost socket ends its operations with an error: whoever needs them resumes with a cursor, under a fresh identity. */
function createSocketClient(
  url: string,
  { answerTimeoutMs, pingIntervalMs }: { answerTimeoutMs: number; pingIntervalMs: number },
): Client {
  let overdue: NodeJS.Timeout | undefined;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: SubgraphSocket,
    lazy: true,
    retryAttempts: 0,
    keepAlive: pingIntervalMs,
    connectionAckWaitTimeout: answerTimeoutMs,
    on: {
      ping: (received) => {
        if (!received) overdue = setTimeout(() => client.terminate(), answerTimeoutMs).unref();
      },
      pong: (received) => {
        if (received) clearTimeout(overdue);
      },
      closed: () => clearTimeout(overdue),
    },
  });
  return client;
}

function toPayload(
  { query, operationName, variables }: SubgraphRequest,
  context: RequestContext,
  sign: (context: RequestContext, operation: string) => Record<string, string>,
): SubscribePayload {
  const call = { query, variables, operationName };
  return { ...call, extensions: sign(context, JSON.stringify(call)) };
}

/** What the subgraph refuses is an answer, and not a loss: it comes as the last event. */
function openEvents(sockets: Client, payload: SubscribePayload): SubgraphEvents {
  const events = sockets.iterate(payload) as SubgraphEvents;
  return {
    next: () => events.next().catch(toLastEvent),
    return: () => events.return?.() ?? Promise.resolve(ended),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const ended: IteratorResult<SubgraphResponse> = { value: undefined, done: true };

/** The reference client rejects with the list of errors that an `error` message brought. */
function toLastEvent(cause: unknown): IteratorResult<SubgraphResponse> {
  if (!Array.isArray(cause)) throw cause;
  return { value: { data: null, errors: cause }, done: false };
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
