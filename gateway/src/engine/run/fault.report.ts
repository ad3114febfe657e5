import type { GraphQLFormattedError } from 'graphql';
import type { JsonObject, SubgraphError } from '../engine.types.ts';
import { SubgraphUnavailableError } from '../fetch/subgraph.errors.ts';
import { findObjectShape } from '../shape/shape.path.ts';
import { isJsonObject, readOwn } from './own-property.ts';
import { collectPositions, type Position } from './response.position.ts';
import type { Fault, FetchProgram, Run } from './run.types.ts';

/** Errors in one response, at most: a list of a thousand broken items is told about, not retold. */
const MAX_ERRORS = 200;

/** What a subgraph that gave no usable answer looks like among the errors. */
export function toUnavailable(cause: unknown): SubgraphError {
  const reason = cause instanceof SubgraphUnavailableError ? cause.reason : 'CONNECTION_FAILED';
  return {
    message: 'A part of the service is unavailable',
    extensions: { code: 'UPSTREAM_UNAVAILABLE', reason },
  };
}

/** Reports the faults of a fetch at every place of the response where a client would look for the value (GraphQL §7.1.2). */
export function reportFaults(
  run: Run,
  fetch: FetchProgram,
  faultsOf: (object: JsonObject) => readonly Fault[] | undefined,
): void {
  for (const position of collectPositions(run.data, fetch.path, MAX_ERRORS)) {
    for (const fault of faultsOf(position.object) ?? []) {
      for (const path of pathsOf(run, fetch, fault, position)) report(run, fetch, fault.error, path);
    }
  }
}

/** A fault without a path of its own concerns every selected field that the fetch should have brought and that is missing. */
function pathsOf(run: Run, fetch: FetchProgram, fault: Fault, { path, object }: Position) {
  if (fault.path) return [[...path, ...fault.path]];
  const shape = findObjectShape(run.shape, run.data, path);
  const selected = new Set(shape?.fieldsOf(object)?.fields.map(({ responseName }) => responseName));
  const names = fetch.fieldNames.filter(
    (name) => selected.has(name) && (readOwn(object, name) ?? null) === null,
  );
  return names.length > 0 ? names.map((name) => [...path, name]) : [path];
}

/** Adds an error under the name of the subgraph. */
function report(
  run: Run,
  fetch: FetchProgram,
  error: SubgraphError,
  path: readonly (string | number)[],
): void {
  if (run.errors.length >= MAX_ERRORS) return;
  run.errors.push(toGraphQLError(fetch, error, path.length > 0 ? path : undefined));
}

function toGraphQLError(
  { subgraph }: FetchProgram,
  { message, extensions }: SubgraphError,
  path: readonly (string | number)[] | undefined,
): GraphQLFormattedError {
  return {
    message: typeof message === 'string' && message ? message : 'The subgraph reported an error',
    ...(path && { path }),
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      ...(isJsonObject(extensions) && extensions),
      service: subgraph,
    },
  };
}
