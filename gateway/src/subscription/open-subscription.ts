import { AppError } from '@suvidha/errors';
import type {
  Engine,
  EngineRequest,
  EngineResult,
  EngineSubscription,
  RequestContext,
  SubgraphResponse,
} from '../engine/index.ts';
import type { SubgraphConnection, SubgraphEvents } from '../subgraph/subgraph-connection.ts';

/**
 * Opens a subscription where it lives and completes each of its events with what other subgraphs contribute, under
 * the subscriber's identity.
 */
export async function openSubscription(
  engine: Engine,
  connections: ReadonlyMap<string, SubgraphConnection>,
  request: EngineRequest,
): Promise<AsyncIterableIterator<EngineResult> | EngineResult> {
  const subscription = engine.subscribe(request);
  if ('errors' in subscription) return subscription;
  const connection = connections.get(subscription.subgraph);
  if (!connection) throw new Error('a plan names a subgraph that the supergraph does not have');
  const upstream = await connection
    .subscribe(subscription.request, request.context)
    .catch((cause: unknown) => {
      throw unavailable(cause);
    });
  if (!(Symbol.asyncIterator in upstream)) return subscription.executeEvent(upstream, request.context);
  return completeEvents(upstream, subscription, request.context);
}

/** Not a generator: its `return()` ends the upstream at once, also while it waits for the next event. */
function completeEvents(
  upstream: SubgraphEvents,
  subscription: EngineSubscription,
  context: RequestContext,
): AsyncIterableIterator<EngineResult> {
  return {
    async next() {
      const event = await nextOf(upstream);
      if (event.done) return { value: undefined, done: true };
      return { value: await subscription.executeEvent(event.value, context), done: false };
    },
    async return() {
      await upstream.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function nextOf(upstream: SubgraphEvents): Promise<IteratorResult<SubgraphResponse>> {
  try {
    return await upstream.next();
  } catch (cause) {
    throw unavailable(cause);
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError(
    'UPSTREAM_UNAVAILABLE',
    'The subscription was interrupted: resume with the last cursor.',
    {
      cause,
    },
  );
}
