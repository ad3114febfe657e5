import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import type { LoadedSupergraph } from './supergraph.ts';

/** Turns an operation into a query plan. Planning costs milliseconds: callers keep what they get. */
export interface Planner {
  plan(document: DocumentNode): QueryPlan;
}

/**
 * Incremental delivery is off: `@defer` in an operation is ignored and the whole answer comes at once, as the
 * directive allows. Turning it on makes plans with `Defer` nodes, which the step compiler would have to learn.
 */
export function createPlanner({ supergraph, plannerSchema }: LoadedSupergraph): Planner {
  const planner = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: false } });
  return {
    plan: (document) =>
      planner.buildQueryPlan(operationFromDocument(plannerSchema, document, { validate: false })),
  };
}
