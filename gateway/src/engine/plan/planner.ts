import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import { withoutDefer, withoutIntrospection } from './deferral.ts';
import type { LoadedSupergraph } from './supergraph.ts';

/** Turns an operation into a query plan. Planning costs milliseconds: callers keep what they get. */
export interface Planner {
  /** The plan of an answer in one piece, whatever the operation says about `@defer`. */
  plan(document: DocumentNode): QueryPlan;
  /** The plan of an answer in parts: a `Defer` node where anything is deferred. Undefined: the supergraph allows none. */
  readonly planInParts: ((document: DocumentNode) => QueryPlan) | undefined;
}

/**
 * Deferred fragments keep the planner from seeing that a subgraph has all of a selection, so it finds far more possible
 * plans than without them. That many it may compare; among those it takes the best.
 */
const MAX_PLANS_IN_PARTS = 100;

export function createPlanner(loaded: LoadedSupergraph): Planner {
  const planner = new QueryPlanner(loaded.supergraph);
  return {
    // Left to the planner, taking `@defer` out of named fragments may never end.
    plan: (document) => planner.buildQueryPlan(toOperation(loaded, withoutDefer(document))),
    // A deferred fragment below an interface object may keep the planner busy for ever.
    planInParts: hasInterfaceObjects(loaded) ? undefined : createPartsPlanner(loaded),
  };
}

/** The planner is made when it is first needed: many clients never defer anything. */
function createPartsPlanner(loaded: LoadedSupergraph): Planner['planInParts'] {
  let planner: QueryPlanner | undefined;
  return (document) => {
    planner ??= new QueryPlanner(loaded.supergraph, {
      incrementalDelivery: { enableDefer: true },
      debug: { maxEvaluatedPlans: MAX_PLANS_IN_PARTS },
    });
    // The planner leaves introspection out at the root alone, and cannot do with it inside of a deferred fragment.
    return planner.buildQueryPlan(toOperation(loaded, withoutIntrospection(document)));
  };
}

function toOperation({ plannerSchema }: LoadedSupergraph, document: DocumentNode) {
  return operationFromDocument(plannerSchema, document, { validate: false });
}

/** Whether a subgraph has an interface as an object (`@interfaceObject`). */
function hasInterfaceObjects({ supergraph }: LoadedSupergraph): boolean {
  return supergraph.schema
    .interfaceTypes()
    .some((type) =>
      type.appliedDirectives.some(
        (applied) => applied.name === 'join__type' && applied.arguments().isInterfaceObject === true,
      ),
    );
}
