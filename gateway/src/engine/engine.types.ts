import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { CancelSignal } from './fetch/cancellation.ts';
import type { SubgraphRequest } from './fetch/subgraph.request.ts';

/** A JSON object as it comes out of a subgraph; keys are response names. */
export type JsonObject = Record<string, unknown>;

/** Who asks and until when: handed unchanged to every subgraph client. */
export interface RequestContext {
  /**
   * Two requests with the same key would get the same answer from every subgraph to the same question: it must
   * cover all that a client forwards (subject, session, tenant, language). Fetches in flight are shared only within one key.
   */
  readonly identityKey: string;
  /** Opaque to the engine: whatever the subgraph clients need to build their headers. */
  readonly forward?: unknown;
  /** Aborts when the client has left; every fetch of the request is then cancelled. */
  readonly signal?: CancelSignal;
  /** Moment (milliseconds since the epoch) at which the request gives up on fetches that have not answered. */
  readonly deadlineAt?: number;
}

/** An error as a subgraph sends it; nothing in it is trusted to be of the right type. */
export interface SubgraphError {
  readonly message?: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Record<string, unknown>;
}

/** A GraphQL answer of a subgraph. The engine owns `data` after delivery and writes into it. */
export interface SubgraphResponse {
  readonly data?: JsonObject | null;
  readonly errors?: readonly SubgraphError[];
  readonly extensions?: Record<string, unknown>;
}

/** A way to ask one subgraph. Rejects when no GraphQL answer came (see `SubgraphUnavailableError`). */
export interface SubgraphClient {
  execute(request: SubgraphRequest, context: RequestContext): Promise<SubgraphResponse>;
  /** Closes connections; absent when there are none. */
  close?(): Promise<void>;
}

/** What the caller may see, decided before any fetch from `@authenticated`, `@requiresScopes` and `@policy`. */
export interface Access {
  readonly isAuthenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
}

/** One operation to run. The document has already passed validation against `Engine.schema`. */
export interface EngineRequest {
  readonly document: DocumentNode;
  /** The text the document was parsed from: the first key of the plan cache. */
  readonly source: string;
  readonly operationName?: string | undefined;
  /** Raw variables of the request; the engine coerces them as the specification says (§6.1.2). */
  readonly variables: Record<string, unknown>;
  readonly context: RequestContext;
  /** Absent: an anonymous caller. */
  readonly access?: Access;
}

/** A GraphQL response map. `data` is absent when the operation never began (bad variables, no such operation). */
export interface EngineResult {
  readonly errors?: readonly GraphQLFormattedError[];
  readonly data?: JsonObject | null;
}

/** A planned subscription: what to open upstream, and how an event becomes a response. */
export interface EngineSubscription {
  readonly subgraph: string;
  /** The operation to subscribe to in that subgraph. */
  readonly request: SubgraphRequest;
  /** Equal for subscriptions that make the same response of the same event, as long as they run for one identity. */
  readonly responseKey: string;
  /** Whether the event alone makes the response: no other subgraph is asked, so no identity plays a part. */
  readonly isSelfContained: boolean;
  /**
   * Completes one upstream event: fetches what other subgraphs contribute under `context`, then writes the response as
   * JSON text. At once, when the event is all that it takes.
   */
  executeEvent(event: SubgraphResponse, context: RequestContext): string | Promise<string>;
}

/** An operation that never began: bad variables, no such operation, or a subscription the caller may not open. */
export interface RefusedOperation {
  readonly errors: readonly GraphQLFormattedError[];
}

/** What an engine is made of. */
export interface EngineOptions {
  readonly supergraphSdl: string;
  /** Called once per subgraph of the supergraph. */
  client(subgraph: { readonly name: string; readonly url: string }): SubgraphClient;
  /** Memory for operations kept planned and compiled, about (default 12 MiB; the least recently used leave). */
  readonly operationCacheBytes?: number;
  /**
   * Whether identical fetches, and identical queries asked for as JSON, of one identity are answered together while in
   * flight (default true). What began before a mutation ended is not joined after it.
   */
  readonly shareInFlight?: boolean;
}

/** Runs operations over one supergraph. Immutable: a new supergraph is a new engine. */
export interface Engine {
  /** The API schema that clients see. */
  readonly schema: GraphQLSchema;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** Runs a query or mutation and returns the response as values. Never rejects for a fault of a subgraph; a subscription is refused. */
  execute(request: EngineRequest): Promise<EngineResult>;
  /**
   * As `execute`, but returns the response as JSON text, written in one pass. Undefined when the operation never began
   * (and no subgraph was asked): `execute` then says why.
   */
  executeToJson(request: EngineRequest): Promise<string | undefined>;
  /**
   * Runs a query or mutation that defers something, and delivers its response in parts as JSON text: incremental delivery
   * as the GraphQL working group had it on 2022-08-24, which Apollo's clients know by that date. Some payloads may come
   * before this returns; the promise settles after the last one, or when the request's signal aborts.
   *
   * Undefined when nothing is deferred or the operation cannot begin: `execute` has the whole answer, or says why not.
   */
  executeInParts(request: EngineRequest, deliver: (json: string) => void): Promise<void> | undefined;
  /** Prepares a subscription. Throws when the operation is not one. */
  subscribe(request: EngineRequest): EngineSubscription | RefusedOperation;
  /** The query plan in the planner's readable form, for people. */
  describePlan(request: Omit<EngineRequest, 'context' | 'variables'>): string;
  /** Closes the clients the engine was given. */
  close(): Promise<void>;
}
