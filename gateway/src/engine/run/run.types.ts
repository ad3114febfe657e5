import type { GraphQLFormattedError } from 'graphql';
import type { IdentifyEntity, SelectRepresentation } from '../compile/representation.compiler.ts';
import type { Rewrite } from '../compile/rewrite.compiler.ts';
import type { JsonObject, RequestContext, SubgraphClient, SubgraphError } from '../engine.types.ts';
import type { SubgraphOperation } from '../fetch/subgraph.request.ts';
import type { ObjectShape } from '../shape/shape.types.ts';
import type { Landings } from './landings.ts';
import type { PlanPath } from './response.position.ts';

/** The state of one operation while it runs. */
export interface Run {
  readonly context: RequestContext;
  /** Coerced variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly shape: ObjectShape;
  /** What the subgraphs have delivered so far, merged. */
  readonly data: JsonObject;
  readonly errors: GraphQLFormattedError[];
  /** Composites of `data` with more than one parent; undefined while there are none. */
  shared: Set<unknown> | undefined;
  /** A mutation asks for an entity as often as it needs it: what the answer was may have changed. */
  readonly isMutation: boolean;
  /** Entities asked for, by signature of the fetch and then by representation; undefined while there are none. */
  entityAnswers: Map<string, EntityAnswers> | undefined;
  /** Which fetches have been merged; in answers in parts alone. */
  readonly landings?: Landings;
}

/** A node of the plan, compiled. Settles when its data is merged; never rejects for a fault of a subgraph. */
export type Step = (run: Run) => Promise<void> | undefined;

/** The fetches of one deferred part of the plan. */
export interface PartProgram {
  /** See `DeferredFragment`. */
  readonly id: string;
  /** The part that it stands in; undefined: the first. */
  readonly parentId: string | undefined;
  /** Fetches of other parts that bring what this one needs. None: all of its parent must be there. */
  readonly dependsOn: readonly string[];
  /** Undefined when the fetches of other parts bring all of it. */
  readonly step: Step | undefined;
}

/** A fetch of the plan, compiled. */
export interface FetchProgram {
  readonly subgraph: string;
  readonly client: SubgraphClient;
  readonly operation: SubgraphOperation;
  readonly variableNames: readonly string[];
  readonly path: PlanPath;
  readonly rewriteOutput: Rewrite | undefined;
  /** Response names that the fetch brings to the objects at its path. */
  readonly fieldNames: readonly string[];
}

/** A fetch of entities by representation. */
export interface EntityFetchProgram extends FetchProgram {
  readonly identify: IdentifyEntity;
  readonly selectRepresentation: SelectRepresentation;
  readonly rewriteInput: Rewrite | undefined;
  /**
   * Whether a name is that of an interface or union. A subgraph that has an interface as an object (`@interfaceObject`)
   * answers with the interface's name, which must not replace the entity's own type.
   */
  isAbstract(typeName: unknown): boolean;
  /** Equal for fetches that get the same answer for the same representation. */
  readonly signature: string;
  /** Whether the plan has another fetch of the same signature. */
  readonly isRepeated: boolean;
}

/** What a subgraph said about one representation. */
export interface EntityAnswer {
  readonly representation: JsonObject;
  /** Set until the answer is there. */
  pending: Promise<void> | undefined;
  value: JsonObject | undefined;
  faults: Fault[];
}

export type EntityAnswers = Map<string, EntityAnswer>;

/** An error of a subgraph, its path taken relative to the objects that the fetch completes; absent: all that it would bring. */
export interface Fault {
  readonly error: SubgraphError;
  readonly path: readonly (string | number)[] | undefined;
}
