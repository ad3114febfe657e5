import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Denials } from '../access/operation.filter.ts';
import { LruCache } from '../plan/lru.cache.ts';
import type { SelectedOperation } from '../plan/selected.operation.ts';
import type { FetchProgram, Step } from '../run/run.types.ts';
import { conditionVariablesOf } from '../shape/field.collector.ts';
import { compileWriter, type WriteJson } from '../shape/json.writer.ts';
import { buildObjectShape } from '../shape/shape.builder.ts';
import type { ObjectShape } from '../shape/shape.types.ts';
import { type CompilerScope, compileFetch, signatureOf } from './fetch.compiler.ts';
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
  /** All fetches; after `primary` in a subscription. Undefined when the operation needs none. */
  readonly step: Step | undefined;
  /** The response shape for these coerced variables. */
  responseFor(variables: Readonly<Record<string, unknown>>): CompiledResponse;
}

/** Choices of `@skip` and `@include` variables kept compiled per operation. */
const MAX_RESPONSES = 16;

let compilations = 0;

export function compileOperation(
  plan: QueryPlan,
  operation: SelectedOperation,
  denials: Denials,
  apiSchema: GraphQLSchema,
  scope: Omit<CompilerScope, 'signatureCounts'>,
): CompiledOperation {
  const { node } = plan;
  const isSubscription = node?.kind === 'Subscription';
  const rest: PlanNode | undefined = isSubscription ? node.rest : node;
  const fetches = node ? fetchesOf(node) : [];
  const stepScope = { ...scope, signatureCounts: countSignatures(fetches) };
  compilations += 1;
  return {
    id: compilations,
    fetchCharacters: fetches.reduce((sum, fetch) => sum + fetch.operation.length, 0),
    operation,
    isMutation: operation.definition.operation === OperationTypeNode.MUTATION,
    primary: isSubscription ? compileFetch(stepScope, node.primary, []) : undefined,
    step: rest && compileStep(stepScope, rest),
    responseFor: compileResponses(operation, denials, apiSchema),
  };
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

function compileResponses(operation: SelectedOperation, denials: Denials, schema: GraphQLSchema) {
  const names = conditionVariablesOf(operation.document);
  const responses = new LruCache<CompiledResponse>(MAX_RESPONSES);
  return (variables: Readonly<Record<string, unknown>>): CompiledResponse => {
    const key = names.map((name) => (variables[name] ? '1' : '0')).join('');
    const known = responses.find(key);
    if (known) return known;
    const conditions = new Map(names.map((name) => [name, variables[name] === true]));
    const response = compileResponse(operation, denials, schema, conditions);
    responses.set(key, response);
    return response;
  };
}

function compileResponse(
  { definition, fragments }: SelectedOperation,
  denials: Denials,
  schema: GraphQLSchema,
  conditions: ReadonlyMap<string, boolean>,
): CompiledResponse {
  const rootType = schema.getRootType(definition.operation);
  if (!rootType) throw new Error(`The schema has no ${definition.operation} type`);
  const scope = { schema, fragments, denials, conditions };
  const shape = buildObjectShape(
    scope,
    rootType,
    [{ set: definition.selectionSet, denied: undefined }],
    false,
  );
  return { shape, write: compileWriter(shape) };
}
