import type { Log } from '@suvidha/log';
import type { GraphQLSchema } from 'graphql';
import type { ConnectSubgraph } from '../subgraph/subgraph-connection.ts';
import { Generation } from './generation.ts';
import type { SupergraphSource } from './supergraph.source.ts';

/** The supergraph that is served now, and those that still finish what they have begun. */
export class LiveSupergraph {
  readonly #connect: ConnectSubgraph;
  readonly #log: Log;
  readonly #stopWatching: () => void;
  readonly #listeners = new Set<(schema: GraphQLSchema) => void>();
  readonly #changeListeners = new Set<(last: Generation, next: Generation) => void>();
  #current: Generation;
  #previous: Generation | undefined;

  /** @throws when the first supergraph is not valid. */
  constructor(source: SupergraphSource, connect: ConnectSubgraph, log: Log) {
    this.#connect = connect;
    this.#log = log;
    this.#current = new Generation(source.initial, connect);
    this.#stopWatching = source.watch((sdl) => this.#replace(sdl));
  }

  get current(): Generation {
    return this.#current;
  }

  /** The generation that a document was validated against, which may be the one before. */
  generationOf(schema: GraphQLSchema): Generation {
    return this.#previous?.schema === schema ? this.#previous : this.#current;
  }

  /** Tells of the schema as it is now, and of each later one. */
  onSchema(listener: (schema: GraphQLSchema) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#current.schema);
    return () => this.#listeners.delete(listener);
  }

  /** Tells of each later supergraph, once it is served. */
  onChange(listener: (last: Generation, next: Generation) => void): void {
    this.#changeListeners.add(listener);
  }

  async close(): Promise<void> {
    this.#stopWatching();
    await Promise.all([this.#current.close(), this.#previous?.close()]);
  }

  /** A supergraph that is not valid changes nothing: the last good one goes on. */
  #replace(supergraphSdl: string): void {
    try {
      const next = new Generation(supergraphSdl, this.#connect);
      const last = this.#current;
      this.#previous = last;
      this.#current = next;
      for (const listener of this.#listeners) listener(next.schema);
      for (const listener of this.#changeListeners) listener(last, next);
      last
        .retire()
        .catch((error: unknown) => this.#log.warn({ error }, 'a retired supergraph did not close'));
      this.#log.info('a new supergraph is served');
    } catch (error) {
      this.#log.error({ error }, 'the new supergraph is not valid: the last good one goes on');
    }
  }
}
