import {
  type GraphQLFormattedError,
  type GraphQLSchema,
  getVariableValues,
  print,
  type VariableDefinitionNode,
} from 'graphql';
import type { CompiledOperation, CompiledResponse } from '../compile/operation.compiler.ts';
import type { EngineResult, RequestContext, SubgraphResponse } from '../engine.types.ts';
import { completeResponse, type Introspect } from '../shape/completion.ts';
import { answerIntrospection } from '../shape/introspection.ts';
import { deliverRootAnswer } from './root.fetch.ts';
import type { Run } from './run.types.ts';

/** An operation with everything that one request adds to it. */
export interface PreparedRun {
  readonly compiled: CompiledOperation;
  readonly response: CompiledResponse;
  /** Coerced variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly introspect: Introspect;
}

const MAX_VARIABLE_ERRORS = 20;
const NO_VARIABLES: Readonly<Record<string, unknown>> = Object.freeze({});

/** Coerces the variables (GraphQL §6.1.2); the errors say which variables do not fit, never their values. */
export function prepareRun(
  schema: GraphQLSchema,
  compiled: CompiledOperation,
  rawVariables: Record<string, unknown>,
): PreparedRun | readonly GraphQLFormattedError[] {
  const definitions = compiled.operation.definition.variableDefinitions ?? [];
  let variables = NO_VARIABLES;
  if (definitions.length > 0) {
    const { errors, coerced } = getVariableValues(schema, definitions, rawVariables, {
      maxErrors: MAX_VARIABLE_ERRORS,
    });
    if (errors) return errors.map((error) => toVariableError(error, definitions));
    variables = coerced;
  }
  return {
    compiled,
    response: compiled.responseFor(variables),
    variables,
    introspect: ({ nodes }) => answerIntrospection(schema, compiled.operation, nodes, rawVariables),
  };
}

/** Fetches what the operation needs; in a subscription, what the event does not bring. */
export async function runOperation(
  { compiled, response, variables }: PreparedRun,
  context: RequestContext,
  event?: SubgraphResponse,
): Promise<Run> {
  const run: Run = {
    context,
    variables,
    shape: response.shape,
    data: {},
    errors: [],
    shared: new Set(),
    entityAnswers: compiled.isMutation ? undefined : new Map(),
  };
  if (event && compiled.primary) deliverRootAnswer(run, compiled.primary, event);
  await compiled.step?.(run);
  return run;
}

/** The response as values. */
export function toResult({ response, introspect }: PreparedRun, run: Run): EngineResult {
  const { data, errors } = completeResponse(response.shape, run.data, run.errors, introspect);
  const all = [...run.errors, ...errors];
  return all.length > 0 ? { errors: all, data } : { data };
}

/** The response as JSON text: in one pass when the data fits the schema, else by way of values. */
export function toJson(prepared: PreparedRun, run: Run): string {
  const { response, introspect } = prepared;
  const shared = run.shared.size > 0 ? run.shared : undefined;
  const data = response.write(run.data, { shared, written: new Map(), introspect });
  if (data === undefined) return JSON.stringify(toResult(prepared, run));
  return run.errors.length > 0
    ? `{"errors":${JSON.stringify(run.errors)},"data":${data}}`
    : `{"data":${data}}`;
}

/** graphql-js quotes the value in its message; what clients get names the variable, the place in it and the type. */
function toVariableError(
  { message }: GraphQLFormattedError,
  definitions: readonly VariableDefinitionNode[],
): GraphQLFormattedError {
  const extensions = { code: 'BAD_USER_INPUT' };
  const [, name = '', isInvalid] = /^Variable "\$(\w+)"( got invalid value )?/.exec(message) ?? [];
  if (!isInvalid) return { message, extensions };
  const [, place] = new RegExp(` at "(${name}[\\w.[\\]]*)"; `).exec(message) ?? [];
  const definition = definitions.find(({ variable }) => variable.name.value === name);
  const type = definition ? print(definition.type) : '';
  const where = place ? ` at "${place}"` : '';
  return { message: `Variable "$${name}"${where} does not fit its type "${type}"`, extensions };
}
