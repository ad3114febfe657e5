import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Denials } from '../access/operation.filter.ts';
import { type DeferredFragments, NOTHING_DEFERRED } from '../plan/deferral.ts';
import { LruCache } from '../plan/lru.cache.ts';
import type { SelectedOperation } from '../plan/selected.operation.ts';
import type { FetchProgram, PartProgram, Step } from '../run/run.types.ts';
import { conditionVariablesOf } from '../shape/field.collector.ts';
import { compileWriter, type WriteJson } from '../shape/json.writer.ts';
import { buildObjectShape } from '../shape/shape.builder.ts';
import type { ObjectShape } from '../shape/shape.types.ts';
import { type CompilerScope, compileFetch, signatureOf } from './fetch.compiler.ts';
import { compilePartStep, compileParts } from './part.compiler.ts';
import { compileStep, fetchesOf } from './step.compiler.ts';

/** The response of an operation for one choice of its conditions. */
export interface CompiledResponse {
  readonly shape: ObjectShape;
  readonly write: WriteJson;
}

/** An operation ready to run for callers of one access class. */
export interface CompiledOperation {
  /** Different for every compilation. */
  readonly id: number;
  /** Length of the texts of all fetches: what the size of the operation follows. */
  readonly fetchCharacters: number;
  readonly operation: SelectedOperation;
  readonly isMutation: boolean;
  /** The subgraph's part of a subscription; undefined for other operations. */
  readonly primary: FetchProgram | undefined;
  /** All fetches; after `primary` in a subscription; in an answer in parts those of the first part. Undefined when the operation needs none. */
  readonly step: Step | undefined;
  /** The fetches of deferred parts; none when the answer comes in one piece. */
  readonly parts: readonly PartProgram[];
  /** The response shape for these coerced variables. */
  responseFor: ShapeResponse;
  /** The same where deferred fragments stand apart: what is left of it is the first part. */
  firstPartFor: ShapeResponse;
}

export type ShapeResponse = (variables: Readonly<Record<string, unknown>>) => CompiledResponse;

/** An operation as it was planned: what the caller may not see is still in it. */
export interface OperationToCompile {
  readonly operation: SelectedOperation;
  readonly denials: Denials;
  readonly deferred: DeferredFragments;
}

/** Choices of `@skip` and `@include` variables kept compiled per operation. */
const MAX_RESPONSES = 16;

let compilations = 0;

export function compileOperation(
  plan: QueryPlan,
  source: OperationToCompile,
  apiSchema: GraphQLSchema,
  scope: Omit<CompilerScope, 'signatureCounts'>,
): CompiledOperation {
  const { node } = plan;
  const { operation } = source;
  const fetches = node ? fetchesOf(node) : [];
  const stepScope = { ...scope, signatureCounts: countSignatures(fetches) };
  const responseFor = compileResponses({ ...source, deferred: NOTHING_DEFERRED }, apiSchema);
  compilations += 1;
  return {
    id: compilations,
    fetchCharacters: fetches.reduce((sum, fetch) => sum + fetch.operation.length, 0),
    operation,
    isMutation: operation.definition.operation === OperationTypeNode.MUTATION,
    ...compileFetches(stepScope, node),
    responseFor,
    firstPartFor: source.deferred.size > 0 ? compileResponses(source, apiSchema) : responseFor,
  };
}

/** The plan's fetches by when they run. Only its root can be a node of another kind than `PlanNode`, or a `Defer`. */
function compileFetches(
  scope: CompilerScope,
  node: QueryPlan['node'],
): Pick<CompiledOperation, 'primary' | 'step' | 'parts'> {
  const toStep = (rest: PlanNode | undefined) => rest && compileStep(scope, rest);
  switch (node?.kind) {
    case 'Subscription':
      return { primary: compileFetch(scope, node.primary, []), step: toStep(node.rest), parts: [] };
    case 'Defer':
      return {
        primary: undefined,
        step: compilePartStep(scope, node.primary.node),
        parts: compileParts(scope, node),
      };
    default:
      return { primary: undefined, step: toStep(node), parts: [] };
  }
}

/** Counts fetches that ask alike, so that only those pay for sharing answers. */
function countSignatures(fetches: readonly FetchNode[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const fetch of fetches) {
    const signature = signatureOf(fetch);
    counts.set(signature, (counts.get(signature) ?? 0) + 1);
  }
  return counts;
}

function compileResponses(source: OperationToCompile, schema: GraphQLSchema): ShapeResponse {
  const names = conditionVariablesOf(source.operation.document);
  const responses = new LruCache<CompiledResponse>(MAX_RESPONSES);
  return (variables) => {
    const key = names.map((name) => (variables[name] ? '1' : '0')).join('');
    const known = responses.find(key);
    if (known) return known;
    const conditions = new Map(names.map((name) => [name, variables[name] === true]));
    const response = compileResponse(source, schema, conditions);
    responses.set(key, response);
    return response;
  };
}

function compileResponse(
  { operation: { definition, fragments }, denials, deferred }: OperationToCompile,
  schema: GraphQLSchema,
  conditions: ReadonlyMap<string, boolean>,
): CompiledResponse {
  const rootType = schema.getRootType(definition.operation);
  if (!rootType) throw new Error(`The schema has no ${definition.operation} type`);
  const scope = { schema, fragments, denials, deferred, conditions };
  const shape = buildObjectShape(
    scope,
    rootType,
    [{ set: definition.selectionSet, denied: undefined }],
    false,
  );
  return { shape, write: compileWriter(shape) };
}
