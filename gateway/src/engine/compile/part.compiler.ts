import type { DeferNode, DeferredNode, PlanNode } from '@apollo/query-planner';
import type { PartProgram, Step } from '../run/run.types.ts';
import type { CompilerScope } from './fetch.compiler.ts';
import { compileStep, fetchesOf } from './step.compiler.ts';

/** Compiles the deferred parts of a plan, those within others after them. */
export function compileParts(scope: CompilerScope, node: DeferNode): PartProgram[] {
  const planned = new Set(fetchesOf(node).flatMap(({ id }) => id ?? []));
  const compile = (parts: readonly DeferredNode[], parentId: string | undefined): PartProgram[] =>
    parts.flatMap((part) => {
      // Every deferred fragment was given a label before it was planned.
      if (part.label === undefined) throw new Error('The plan has a deferred part without a label');
      const nested = part.node?.kind === 'Defer' ? part.node.deferred : [];
      const program: PartProgram = {
        id: part.label,
        parentId,
        // The planner also names fetches that it left out because of a constant condition.
        dependsOn: part.depends.map(({ id }) => id).filter((id) => planned.has(id)),
        step: compilePartStep(scope, part.node?.kind === 'Defer' ? part.node.primary.node : part.node),
      };
      return [program, ...compile(nested, part.label)];
    });
  return compile(node.deferred, undefined);
}

/** Compiles the fetches of one part. Those that `@skip` left out have landed when the others have: nobody need wait for them. */
export function compilePartStep(scope: CompilerScope, node: PlanNode | undefined): Step | undefined {
  const step = node && compileStep(scope, node);
  const ids = node ? fetchesOf(node).flatMap(({ id }) => id ?? []) : [];
  if (!step || ids.length === 0) return step;
  return async (run) => {
    await step(run);
    for (const id of ids) run.landings?.land(id);
  };
}
