import type { CallIdentity } from '@suvidha/auth';
import { callIdentityOf } from '../auth/client-identity.ts';
import { createInProcessClient, type SubgraphRequest, type SubgraphResponse } from '../engine/index.ts';
import type { SubgraphConnection, SubgraphEvents } from './subgraph-connection.ts';

interface Call {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Record<string, unknown>;
}

/** A subgraph that runs in this process. */
export interface InProcessSubgraph {
  execute(call: Call, identity: CallIdentity): Promise<object>;
  subscribe(call: Call, identity: CallIdentity): Promise<AsyncIterableIterator<object> | object>;
  health(): Promise<Readonly<Record<string, boolean>>>;
}

/** Calls a subgraph directly: nothing is serialised, and nobody can come between, so nothing is signed. */
export function connectInProcess(subgraph: InProcessSubgraph): SubgraphConnection {
  return {
    client: createInProcessClient(
      (request, context) =>
        subgraph.execute(toCall(request), callIdentityOf(context)) as Promise<SubgraphResponse>,
    ),
    subscribe: (request, context) =>
      subgraph.subscribe(toCall(request), callIdentityOf(context)) as Promise<
        SubgraphEvents | SubgraphResponse
      >,
    isReady: async () => Object.values(await subgraph.health()).every(Boolean),
    close: async () => undefined,
  };
}

function toCall({ query, operationName, variables }: SubgraphRequest): Call {
  return { query, operationName, variables };
}
