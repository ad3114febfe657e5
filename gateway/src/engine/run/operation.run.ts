import { coerceVariables } from '@suvidha/graphql-input';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { CompiledOperation, CompiledResponse } from '../compile/operation.compiler.ts';
import type { EngineResult, RequestContext, SubgraphResponse } from '../engine.types.ts';
import type { SelectedOperation } from '../plan/selected.operation.ts';
import { completeResponse } from '../shape/completion.ts';
import { Introspector } from '../shape/introspection.ts';
import { deliverRootAnswer } from './root.fetch.ts';
import type { Run } from './run.types.ts';

/** An operation with everything that one request adds to it. */
export interface PreparedRun {
  readonly compiled: CompiledOperation;
  readonly response: CompiledResponse;
  /** Coerced variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly introspector: Introspector;
}

const NO_VARIABLES = { values: Object.freeze({}) };

/** Coerces the variables (GraphQL §6.1.2); the errors say which variables do not fit, never their values. */
export function prepareRun(
  schema: GraphQLSchema,
  compiled: CompiledOperation,
  rawVariables: Record<string, unknown>,
): PreparedRun | readonly GraphQLFormattedError[] {
  const coerced = coerceFor(schema, compiled.operation, rawVariables);
  return 'errors' in coerced ? coerced.errors : bindRun(schema, compiled, coerced.values, rawVariables);
}

/** The variables of an operation, coerced. */
export function coerceFor(
  schema: GraphQLSchema,
  { definition }: SelectedOperation,
  rawVariables: Record<string, unknown>,
): ReturnType<typeof coerceVariables> {
  const definitions = definition.variableDefinitions ?? [];
  return definitions.length > 0 ? coerceVariables(schema, definitions, rawVariables) : NO_VARIABLES;
}

/** Puts an operation and its variables together. */
export function bindRun(
  schema: GraphQLSchema,
  compiled: CompiledOperation,
  variables: Readonly<Record<string, unknown>>,
  rawVariables: Record<string, unknown>,
): PreparedRun {
  return {
    compiled,
    response: compiled.responseFor(variables),
    variables,
    introspector: new Introspector(schema, compiled.operation, rawVariables),
  };
}

/** Fetches what the operation needs. */
export async function runOperation(prepared: PreparedRun, context: RequestContext): Promise<Run> {
  const run = createRun(prepared, context);
  await prepared.compiled.step?.(run);
  return run;
}

/** Completes an event of a subscription, as JSON text: at once when it brings everything, else after some fetches. */
export function completeEvent(
  prepared: PreparedRun,
  context: RequestContext,
  event: SubgraphResponse,
): string | Promise<string> {
  const { primary, step } = prepared.compiled;
  const run = createRun(prepared, context);
  if (primary) deliverRootAnswer(run, primary, event);
  const fetched = step?.(run);
  return fetched ? fetched.then(() => toJson(prepared, run)) : toJson(prepared, run);
}

/** A run that has not begun. */
export function createRun({ compiled, response, variables }: PreparedRun, context: RequestContext): Run {
  return {
    context,
    variables,
    shape: response.shape,
    data: {},
    errors: [],
    shared: undefined,
    isMutation: compiled.isMutation,
    entityAnswers: undefined,
  };
}

/** The response as values. */
export function toResult({ response, introspector }: PreparedRun, run: Run): EngineResult {
  const { data, errors } = completeResponse(response.shape, run.data, { reported: run.errors, introspector });
  const all = [...run.errors, ...errors];
  return all.length > 0 ? { errors: all, data } : { data };
}

/** The response as JSON text: in one pass when the data fits the schema, else by way of values. */
export function toJson(prepared: PreparedRun, run: Run): string {
  const { response, introspector } = prepared;
  const data = response.write(run.data, { shared: run.shared, written: undefined, introspector });
  if (data === undefined) return JSON.stringify(toResult(prepared, run));
  return run.errors.length > 0
    ? `{"errors":${JSON.stringify(run.errors)},"data":${data}}`
    : `{"data":${data}}`;
}
