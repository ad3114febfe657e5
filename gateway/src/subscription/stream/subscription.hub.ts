import type { EngineRequest, EngineSubscription, RefusedOperation } from '../../engine/index.ts';
import type { SubgraphConnection } from '../../subgraph/subgraph-connection.ts';
import type { Generation } from '../../supergraph/generation.ts';
import { readFieldCatalog } from './field.catalog.ts';
import { Place } from './place.ts';
import { PrimaryRequests } from './primary.request.ts';
import type { Receiver } from './receiver.ts';
import type { Viewer } from './rendition.ts';
import { UpstreamIndex } from './upstream.index.ts';

export interface PlaceRequest {
  readonly request: EngineRequest;
  readonly receiver: Receiver;
  /** Begin after this cursor, whatever the operation says. */
  readonly after: string | undefined;
  readonly viewer: Viewer;
}

/** Streams of one supergraph that are open in its subgraphs. */
interface Streams {
  readonly requests: PrimaryRequests;
  readonly upstreams: UpstreamIndex;
}

/** Finds for each subscriber the others it can share a stream with. */
export class SubscriptionHub {
  readonly #streams = new WeakMap<Generation, Streams>();
  readonly #resumeTimeoutMs: number | undefined;

  constructor(resumeTimeoutMs?: number) {
    this.#resumeTimeoutMs = resumeTimeoutMs;
  }

  /** Opens a subscription, or joins one that is open. What the receiver gets may come before this returns. */
  open(generation: Generation, { request, receiver, after, viewer }: PlaceRequest): Place | RefusedOperation {
    const plan = generation.engine.subscribe(request);
    if ('errors' in plan) return plan;
    const { requests, upstreams } = this.#streamsOf(generation);
    const primary = requests.read(plan.request);
    const begin = after ?? primary.after;
    const { isShareable } = primary.field;
    const { context } = request;
    const key = [plan.subgraph, isShareable ? '' : context.identityKey, primary.key].join('\n');
    const known = upstreams.find(key, begin);
    const upstream =
      known ??
      upstreams.add({
        key,
        request: primary,
        after: begin,
        connection: toConnection(generation, plan),
        context,
        resumeTimeoutMs: this.#resumeTimeoutMs,
      });
    const isForAll = isShareable && plan.isSelfContained;
    const rendition = upstream.join(receiver, begin, {
      key: [plan.responseKey, isForAll ? '' : context.identityKey].join('\n'),
      plan,
      viewer,
      isForAll,
    });
    if (!known) void upstream.start();
    return new Place(upstream, rendition, receiver);
  }

  #streamsOf(generation: Generation): Streams {
    const known = this.#streams.get(generation);
    if (known) return known;
    const rootName = generation.schema.getSubscriptionType()?.name;
    const requests = new PrimaryRequests(readFieldCatalog(generation.supergraphSdl, rootName));
    const streams = { requests, upstreams: new UpstreamIndex() };
    this.#streams.set(generation, streams);
    return streams;
  }
}

function toConnection({ connections }: Generation, { subgraph }: EngineSubscription): SubgraphConnection {
  const connection = connections.get(subgraph);
  if (!connection) throw new Error('a plan names a subgraph that the supergraph does not have');
  return connection;
}
