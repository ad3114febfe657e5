import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { JsonObject } from '../engine.types.ts';
import { mergeInto } from '../run/merge.ts';
import { createReader, isJsonObject, writeOwn } from '../run/own-property.ts';
import { compileTypeCondition } from './type-condition.ts';

/** Picks from an entity what a subgraph needs to recognise it; undefined when the entity lacks any of it. */
export type SelectRepresentation = (entity: JsonObject) => JsonObject | undefined;

type AddPart = (source: JsonObject, target: JsonObject) => boolean;

/** Compiles the `requires` of a fetch. An entity without a value for a required field is left out of the fetch. */
export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): SelectRepresentation {
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
  const select = compileRepresentation(schema, node.selections);
  if (!node.typeCondition) return addMerged(select);
  const meets = compileTypeCondition(schema, node.typeCondition, false);
  const add = addMerged(select);
  return (source, target) => (meets(source.__typename) ? add(source, target) : true);
}

/** A fragment that the entity meets but cannot fill adds nothing: without its `__typename` the entity is then left out. */
function addMerged(select: SelectRepresentation): AddPart {
  return (source, target) => {
    const part = select(source);
    if (part) mergeInto(target, part);
    return true;
  };
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
