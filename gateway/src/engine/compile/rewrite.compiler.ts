import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { JsonObject } from '../engine.types.ts';
import { isJsonObject, readOwn, writeOwn } from '../run/own-property.ts';
import { compileTypeCondition } from './type-condition.ts';

/** Changes data in place, as the planner asks on the way into or out of a subgraph. */
export type Rewrite = (data: JsonObject) => void;

type Visit = (value: unknown) => void;

const FRAGMENT_PREFIX = '... on ';

/** Undefined when there is nothing to rewrite. */
export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(schema, rewrite));
  return (data) => {
    for (const apply of compiled) apply(data);
  };
}

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Visit {
  const name = rewrite.path.at(-1) ?? '';
  const change: Rewrite =
    rewrite.kind === 'ValueSetter'
      ? (object) => writeOwn(object, name, rewrite.setValueTo)
      : (object) => renameKey(object, name, rewrite.renameKeyTo);
  return compileVisit(schema, rewrite.path.slice(0, -1), change);
}

function renameKey(object: JsonObject, from: string, to: string): void {
  const value = readOwn(object, from);
  if (value === undefined) return;
  delete object[from];
  writeOwn(object, to, value);
}

function compileVisit(schema: GraphQLSchema, path: readonly string[], change: Rewrite): Visit {
  const [head, ...rest] = path;
  const visitObject =
    head === undefined ? change : compileStep(schema, head, compileVisit(schema, rest, change));
  const visit: Visit = (value) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isJsonObject(value)) visitObject(value);
  };
  return visit;
}

function compileStep(schema: GraphQLSchema, step: string, visitNext: Visit): Rewrite {
  if (!step.startsWith(FRAGMENT_PREFIX)) return (object) => visitNext(readOwn(object, step));
  const meets = compileTypeCondition(schema, step.slice(FRAGMENT_PREFIX.length), true);
  return (object) => {
    if (meets(object.__typename)) visitNext(object);
  };
}
