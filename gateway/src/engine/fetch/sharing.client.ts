import type { RequestContext, SubgraphClient, SubgraphResponse } from '../engine.types.ts';
import { cloneJson } from '../run/merge.ts';
import { runWithinLimits } from './limits.ts';
import type { SubgraphRequest } from './subgraph.request.ts';

/** A fetch in flight and those who wait for it. */
interface Flight {
  readonly response: Promise<SubgraphResponse>;
  readonly abort: AbortController;
  waiting: number;
}

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
      const known = flights.get(key);
      const flight = known ?? takeOff(inner, flights, key, request, context);
      return join(flight, context, known !== undefined);
    },
  };
}

function takeOff(
  inner: SubgraphClient,
  flights: Map<string, Flight>,
  key: string,
  request: SubgraphRequest,
  context: RequestContext,
): Flight {
  const abort = new AbortController();
  const { identityKey, forward } = context;
  const response = inner.execute(request, { identityKey, forward, signal: abort.signal });
  const flight: Flight = { response, abort, waiting: 0 };
  const land = () => {
    if (flights.get(key) === flight) flights.delete(key);
  };
  response.then(land, land);
  abort.signal.addEventListener('abort', land, { once: true });
  flights.set(key, flight);
  return flight;
}

/** The first to ask gets the answer itself, the others a copy each, because whoever gets one writes into it. */
function join(flight: Flight, context: RequestContext, isCopy: boolean): Promise<SubgraphResponse> {
  flight.waiting += 1;
  return runWithinLimits(context, Number.POSITIVE_INFINITY, (resolve, reject) => {
    flight.response.then((response) => resolve(isCopy ? cloneJson(response) : response), reject);
    return () => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.abort.abort();
    };
  });
}
