import type { RequestContext, SubgraphClient, SubgraphResponse } from '../engine.types.ts';
import { cloneJson } from '../run/merge.ts';
import { type LimitedWork, runWithinLimits, type Wait } from './limits.ts';
import type { SubgraphRequest } from './subgraph.request.ts';

/**
 * Lets identical queries of one identity share a fetch while it is in flight. Each waits within its own limits; the
 * fetch is cancelled only when the last has stopped waiting. Mutations and subscriptions are never shared.
 */
export function createSharingClient(inner: SubgraphClient): SubgraphClient {
  const flights = new Map<string, Flight>();
  return {
    ...(inner.close && { close: () => inner.close?.() ?? Promise.resolve() }),
    execute(request, context) {
      if (request.operationKind !== 'query') return inner.execute(request, context);
      const key = `${context.identityKey}\n${request.body}`;
      let flight = flights.get(key);
      if (!flight) {
        flight = new Flight(inner, flights, key);
        flight.takeOff(request, context);
      }
      return runWithinLimits(context, Number.POSITIVE_INFINITY, flight);
    },
  };
}

/** A fetch in flight and all who wait for it. */
class Flight implements LimitedWork<SubgraphResponse> {
  readonly #inner: SubgraphClient;
  readonly #flights: Map<string, Flight>;
  readonly #key: string;
  readonly #abort = new AbortController();
  readonly #waits: Wait<SubgraphResponse>[] = [];
  #given = 0;

  constructor(inner: SubgraphClient, flights: Map<string, Flight>, key: string) {
    this.#inner = inner;
    this.#flights = flights;
    this.#key = key;
  }

  takeOff(request: SubgraphRequest, { identityKey, forward }: RequestContext): void {
    this.#flights.set(this.#key, this);
    this.#inner.execute(request, { identityKey, forward, signal: this.#abort.signal }).then(
      (response) => this.#deliver(response),
      (cause: unknown) => this.#failAll(cause),
    );
  }

  start(wait: Wait<SubgraphResponse>): void {
    this.#waits.push(wait);
  }

  /** One of those who wait has given up; its wait has already ended, so an answer that still comes does no harm. */
  cancel(): void {
    this.#given += 1;
    if (this.#given < this.#waits.length) return;
    this.#land();
    this.#abort.abort();
  }

  /** The first to ask gets the answer itself, the others a copy each, because whoever gets one writes into it. */
  #deliver(response: SubgraphResponse): void {
    this.#land();
    const copies = this.#waits.slice(1).map(() => cloneJson(response));
    this.#waits[0]?.settle(response);
    for (const [index, copy] of copies.entries()) this.#waits[index + 1]?.settle(copy);
  }

  #failAll(cause: unknown): void {
    this.#land();
    for (const wait of this.#waits) wait.fail(cause);
  }

  #land(): void {
    if (this.#flights.get(this.#key) === this) this.#flights.delete(this.#key);
  }
}
