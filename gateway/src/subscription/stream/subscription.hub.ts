import type { EngineRequest, EngineSubscription, RefusedOperation } from '../../engine/index.ts';
import type { Generation } from '../../supergraph/generation.ts';
import { readFieldCatalog } from './field.catalog.ts';
import { type PrimaryRequest, PrimaryRequests } from './primary.request.ts';
import type { Receiver } from './receiver.ts';
import { Upstream, type ViewOptions } from './upstream.ts';

/** Where a subscriber gets its events from. */
export interface Place {
  /** What to resume after elsewhere. Undefined: nothing is known, begin anew. */
  readonly cursor: string | undefined;
  /** Whether the subscriber can go elsewhere and miss nothing. */
  readonly isResumable: boolean;
  leave(): void;
}

export interface PlaceRequest {
  readonly request: EngineRequest;
  readonly receiver: Receiver;
  /** Begin after this cursor, whatever the operation says. */
  readonly after: string | undefined;
  readonly view: Omit<ViewOptions, 'plan'>;
}

/** Streams of one supergraph that are open in its subgraphs. */
interface Streams {
  readonly requests: PrimaryRequests;
  readonly upstreams: Map<string, Set<Upstream>>;
}

/** Finds for each subscriber the others it can share a stream with. */
export class SubscriptionHub {
  readonly #streams = new WeakMap<Generation, Streams>();
  readonly #resumeTimeoutMs: number | undefined;

  constructor(resumeTimeoutMs?: number) {
    this.#resumeTimeoutMs = resumeTimeoutMs;
  }

  /** Opens a subscription, or joins one that is open. What the receiver gets may come before this returns. */
  open(generation: Generation, { request, receiver, after, view }: PlaceRequest): Place | RefusedOperation {
    const plan = generation.engine.subscribe(request);
    if ('errors' in plan) return plan;
    const streams = this.#streamsOf(generation);
    const primary = streams.requests.read(plan.request);
    const begin = after ?? primary.after;
    const { isShareable } = primary.field;
    const { identityKey } = request.context;
    const key = `${plan.subgraph}\n${isShareable ? '' : identityKey}\n${primary.key}`;
    const known = [...(streams.upstreams.get(key) ?? [])].find((upstream) => upstream.isJoinable(begin));
    const upstream = known ?? this.#add(streams, key, { generation, plan, primary, request, after });
    const isForAll = isShareable && plan.isSelfContained;
    const leave = upstream.join(receiver, begin, `${plan.responseKey}\n${isForAll ? '' : identityKey}`, {
      ...view,
      plan,
      ...(isForAll && { whenTrusted: (act) => act() }),
    });
    if (!known) void upstream.start();
    return {
      get cursor() {
        return upstream.cursor;
      },
      isResumable: primary.field.cursorType !== undefined,
      leave,
    };
  }

  #streamsOf(generation: Generation): Streams {
    const known = this.#streams.get(generation);
    if (known) return known;
    const rootName = generation.schema.getSubscriptionType()?.name;
    const requests = new PrimaryRequests(readFieldCatalog(generation.supergraphSdl, rootName));
    const streams = { requests, upstreams: new Map() };
    this.#streams.set(generation, streams);
    return streams;
  }

  #add(
    { upstreams }: Streams,
    key: string,
    { generation, plan, primary, request, after }: NewUpstream,
  ): Upstream {
    const connection = generation.connections.get(plan.subgraph);
    if (!connection) throw new Error('a plan names a subgraph that the supergraph does not have');
    const siblings = upstreams.get(key) ?? new Set();
    const upstream = new Upstream({
      request: primary,
      after,
      open: (cursor) => connection.subscribe(primary.beginningAfter(cursor), request.context),
      onEnd: () => {
        siblings.delete(upstream);
        if (siblings.size === 0 && upstreams.get(key) === siblings) upstreams.delete(key);
      },
      resumeTimeoutMs: this.#resumeTimeoutMs,
    });
    upstreams.set(key, siblings.add(upstream));
    return upstream;
  }
}

interface NewUpstream {
  readonly generation: Generation;
  readonly plan: EngineSubscription;
  readonly primary: PrimaryRequest;
  readonly request: EngineRequest;
  readonly after: string | undefined;
}
