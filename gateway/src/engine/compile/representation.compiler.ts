import type { QueryPlanInlineFragmentNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { JsonObject } from '../engine.types.ts';
import { mergeInto } from '../run/merge.ts';
import { createReader, isJsonObject, writeOwn } from '../run/own-property.ts';
import { compileTypeCondition } from './type-condition.ts';

/** Picks from an entity what a subgraph needs to recognise it; undefined when the entity lacks any of it. */
export type SelectRepresentation = (entity: JsonObject) => JsonObject | undefined;

/** Text that is equal for entities with equal representations; undefined when the entity has none. */
export type IdentifyEntity = (entity: JsonObject) => string | undefined;

type AddPart = (source: JsonObject, target: JsonObject) => boolean;

/** Compiles the `requires` of a fetch. An entity without a value for a required field is left out of the fetch. */
export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): SelectRepresentation {
  const [only] = requires;
  if (requires.length === 1 && only?.kind === 'InlineFragment') return compileFragment(schema, only);
  const parts = requires.map((node) => compilePart(schema, node));
  return (entity) => {
    const target: JsonObject = {};
    for (const addPart of parts) {
      if (!addPart(entity, target)) return undefined;
    }
    return target;
  };
}

function compilePart(schema: GraphQLSchema, node: QueryPlanSelectionNode): AddPart {
  if (node.kind === 'Field') return compileField(schema, node.alias ?? node.name, node.selections);
  const select = compileFragment(schema, node);
  return (source, target) => {
    const part = select(source);
    if (part) mergeInto(target, part);
    return true;
  };
}

/** A fragment that the entity does not meet or cannot fill adds nothing: without its `__typename` the entity is then left out. */
function compileFragment(schema: GraphQLSchema, node: QueryPlanInlineFragmentNode): SelectRepresentation {
  const select = compileRepresentation(schema, node.selections);
  if (!node.typeCondition) return select;
  const meets = compileTypeCondition(schema, node.typeCondition, false);
  return (source) => (meets(source.__typename) ? select(source) : undefined);
}

function compileField(
  schema: GraphQLSchema,
  name: string,
  selections: readonly QueryPlanSelectionNode[] | undefined,
): AddPart {
  const read = createReader(name);
  const select = selections && compileRepresentation(schema, selections);
  return (source, target) => {
    const value = read(source);
    if (value === undefined) return false;
    writeOwn(target, name, select ? selectWithin(value, select) : value);
    return true;
  };
}

function selectWithin(value: unknown, select: SelectRepresentation): unknown {
  if (Array.isArray(value)) return value.map((element) => selectWithin(element, select));
  return isJsonObject(value) ? (select(value) ?? null) : null;
}

/**
 * Compiles the identity of entities, which is needed far more often than their representations. Plain keys are put
 * together from their values; anything else goes by the JSON text of the representation.
 */
export function compileIdentity(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): IdentifyEntity {
  const select = compileRepresentation(schema, requires);
  const identifyAnyway: IdentifyEntity = (entity) => {
    const representation = select(entity);
    return representation?.__typename ? JSON.stringify(representation) : undefined;
  };
  const [only] = requires;
  const keys = requires.length === 1 && only?.kind === 'InlineFragment' ? plainKeysOf(only) : undefined;
  if (!keys || only?.kind !== 'InlineFragment' || !only.typeCondition) return identifyAnyway;
  const meets = compileTypeCondition(schema, only.typeCondition, false);
  return (entity) =>
    meets(entity.__typename) ? (joinKeys(entity, keys) ?? identifyAnyway(entity)) : undefined;
}

/** The names that a fragment selects when it holds nothing but fields without parts, `__typename` among them. */
function plainKeysOf({ selections }: QueryPlanInlineFragmentNode): readonly string[] | undefined {
  const names = selections.map((node) => (node.kind === 'Field' && !node.selections ? node.name : undefined));
  const isPlain = names.every((name) => name !== undefined && !(name in Object.prototype));
  return isPlain && names.includes('__typename') ? (names as string[]) : undefined;
}

/** Undefined where a value is neither text nor a number. JSON text starts with a brace, and so is never taken for one of these. */
function joinKeys(entity: JsonObject, names: readonly string[]): string | undefined {
  let text = '';
  for (const name of names) {
    const value = entity[name];
    if (typeof value === 'string') text += `${value.length}:${value}`;
    else if (typeof value === 'number') text += `#${value};`;
    else return undefined;
  }
  return text;
}
