import type { GraphQLSchema } from 'graphql';
import { createEngine, type Engine } from '../engine/index.ts';
import type { ConnectSubgraph, SubgraphConnection } from '../subgraph/subgraph-connection.ts';

/**
 * The engine of one supergraph with its connections. When the next one has taken its place it goes on for the
 * operations it has begun, subscriptions among them, and closes after the last.
 */
export class Generation {
  readonly supergraphSdl: string;
  readonly engine: Engine;
  readonly connections: ReadonlyMap<string, SubgraphConnection>;
  #inFlight = 0;
  #isRetired = false;
  #closing: Promise<void> | undefined;

  /** @throws when the supergraph is not valid. */
  constructor(supergraphSdl: string, connect: ConnectSubgraph) {
    const connections = new Map<string, SubgraphConnection>();
    this.supergraphSdl = supergraphSdl;
    this.engine = createEngine({
      supergraphSdl,
      client: (subgraph) => {
        const connection = connect(subgraph);
        connections.set(subgraph.name, connection);
        return connection.client;
      },
    });
    this.connections = connections;
  }

  get schema(): GraphQLSchema {
    return this.engine.schema;
  }

  /** An operation begins here: the generation stays open until as many have ended. */
  begin(): void {
    this.#inFlight += 1;
  }

  /** An operation that began here has ended. */
  end(): void {
    this.#inFlight -= 1;
    void this.#closeIfDone();
  }

  /** No new operations come: closes now or after the last one in flight. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#closeIfDone();
  }

  /** Closes once, however often it is asked to: a closed connection pool refuses to be closed again. */
  close(): Promise<void> {
    this.#closing ??= this.#closeParts();
    return this.#closing;
  }

  async #closeParts(): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection.close()));
    await this.engine.close();
  }

  async #closeIfDone(): Promise<void> {
    if (this.#isRetired && this.#inFlight === 0) await this.close();
  }
}
