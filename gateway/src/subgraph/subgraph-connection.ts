import type { RequestContext, SubgraphClient, SubgraphRequest, SubgraphResponse } from '../engine/index.ts';

/** Events of a subgraph's subscription; `return()` ends it there. */
export type SubgraphEvents = AsyncIterableIterator<SubgraphResponse>;

/** Everything the gateway does with one subgraph. */
export interface SubgraphConnection {
  readonly client: SubgraphClient;
  /** Opens a subscription. Resolves to a single response when the subgraph refused it. */
  subscribe(request: SubgraphRequest, context: RequestContext): Promise<SubgraphEvents | SubgraphResponse>;
  /** Whether the subgraph is ready to answer. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

/** Makes the connection to a subgraph of the supergraph. */
export type ConnectSubgraph = (subgraph: {
  readonly name: string;
  readonly url: string;
}) => SubgraphConnection;
