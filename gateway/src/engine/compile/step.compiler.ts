import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { runEntityFetch } from '../run/entity.fetch.ts';
import type { PlanPath } from '../run/response.position.ts';
import { runRootFetch } from '../run/root.fetch.ts';
import type { Step } from '../run/run.types.ts';
import { type CompilerScope, compileEntityFetch, compileFetch } from './fetch.compiler.ts';

/** Compiles a node of the plan. Paths of nested `Flatten` nodes add up, so each fetch knows its place from the root. */
export function compileStep(scope: CompilerScope, node: PlanNode, path: PlanPath = []): Step {
  switch (node.kind) {
    case 'Sequence':
      return sequence(node.nodes.map((child) => compileStep(scope, child, path)));
    case 'Parallel':
      return parallel(node.nodes.map((child) => compileStep(scope, child, path)));
    case 'Flatten':
      return compileStep(scope, node.node, [...path, ...node.path.map(String)]);
    case 'Condition': {
      const whenTrue = node.ifClause && compileStep(scope, node.ifClause, path);
      const whenFalse = node.elseClause && compileStep(scope, node.elseClause, path);
      return (run) => (run.variables[node.condition] ? whenTrue?.(run) : whenFalse?.(run));
    }
    case 'Fetch':
      return fetchStep(scope, node, path);
    case 'Defer':
      throw new Error('The plan defers a part within another step');
  }
}

/** All fetches of a plan. */
export function fetchesOf(node: PlanNode | SubscriptionNode): FetchNode[] {
  switch (node.kind) {
    case 'Fetch':
      return [node];
    case 'Flatten':
      return fetchesOf(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((child) => (child ? fetchesOf(child) : []));
    case 'Subscription':
      return [node.primary, ...(node.rest ? fetchesOf(node.rest) : [])];
    case 'Defer': {
      const nodes = [node.primary.node, ...node.deferred.map((part) => part.node)];
      return nodes.flatMap((child) => (child ? fetchesOf(child) : []));
    }
  }
}

function fetchStep(scope: CompilerScope, node: FetchNode, path: PlanPath): Step {
  const { id } = node;
  const step = compileFetchStep(scope, node, path);
  if (id === undefined) return step;
  // Deferred parts wait for this fetch.
  return async (run) => {
    await step(run);
    run.landings?.land(id);
  };
}

function compileFetchStep(scope: CompilerScope, node: FetchNode, path: PlanPath): Step {
  if (node.requires) {
    const program = compileEntityFetch(scope, node, path);
    return (run) => runEntityFetch(run, program);
  }
  const program = compileFetch(scope, node, path);
  return (run) => runRootFetch(run, program);
}

function sequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function parallel(steps: readonly Step[]): Step {
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}
