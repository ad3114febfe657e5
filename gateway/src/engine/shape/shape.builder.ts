import {
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { JsonObject } from '../engine.types.ts';
import { createReader } from '../run/own-property.ts';
import { type CollectorScope, collectFields, type FieldGroup, type Selection } from './field.collector.ts';
import { leafOf } from './leaf.ts';
import type { FieldShape, ObjectFields, ObjectShape, ValueShape } from './shape.types.ts';

/**
 * Builds the shape of an operation's response. Fields of abstract types are resolved when a runtime type is first
 * met, so the cost follows what the data holds and not how many types implement an interface.
 */
export function buildObjectShape(
  scope: CollectorScope,
  type: GraphQLCompositeType,
  selections: readonly Selection[],
  nonNull: boolean,
): ObjectShape {
  if (isObjectType(type)) {
    let fields: ObjectFields | undefined;
    return {
      kind: 'object',
      nonNull,
      fieldsOf() {
        fields ??= fieldsOfType(scope, type, selections);
        return fields;
      },
    };
  }
  return { kind: 'object', nonNull, fieldsOf: fieldsByRuntimeType(scope, type, selections) };
}

/** An object without `__typename` is taken for the declared type, as far as that alone decides what is selected. */
function fieldsByRuntimeType(
  scope: CollectorScope,
  declared: GraphQLCompositeType,
  selections: readonly Selection[],
) {
  const known = new Map<unknown, ObjectFields | undefined>();
  return (object: JsonObject): ObjectFields | undefined => {
    const name = object.__typename ?? undefined;
    if (known.has(name)) return known.get(name);
    const type = name === undefined ? declared : findComposite(scope.schema, name);
    const fields = type && fieldsOfType(scope, type, selections);
    if (type) known.set(name, fields);
    return fields;
  };
}

function findComposite(schema: GraphQLSchema, name: unknown): GraphQLCompositeType | undefined {
  const type = typeof name === 'string' ? schema.getType(name) : undefined;
  return isCompositeType(type) ? type : undefined;
}

function fieldsOfType(
  scope: CollectorScope,
  type: GraphQLCompositeType,
  selections: readonly Selection[],
): ObjectFields {
  const { groups, deferred } = collectFields(scope, type, selections);
  return {
    typeName: type.name,
    fields: groups.flatMap((group) => fieldShape(scope, type, group) ?? []),
    deferred: deferred.map(({ fragment, selection }) => ({
      fragment,
      shape: buildObjectShape(scope, type, [selection], false),
    })),
  };
}

function fieldShape(
  scope: CollectorScope,
  parent: GraphQLCompositeType,
  group: FieldGroup,
): FieldShape | undefined {
  const { responseName, nodes } = group;
  const fieldName = nodes[0]?.name.value ?? responseName;
  if (fieldName === '__typename') {
    const typeName = isAbstractType(parent) ? undefined : parent.name;
    return { kind: 'typename', responseName, fieldName, typeName };
  }
  if (fieldName === '__schema' || fieldName === '__type') {
    return { kind: 'introspection', responseName, fieldName, nodes };
  }
  const type = fieldTypeOf(parent, fieldName);
  if (!type) return undefined;
  const code = group.denials.every((denial) => denial !== undefined) ? group.denials[0] : undefined;
  if (code) return { kind: 'denied', responseName, fieldName, nonNull: isNonNullType(type), code };
  return {
    kind: 'value',
    responseName,
    fieldName,
    read: createReader(responseName),
    value: valueShape(scope, type, subselections(group), false),
  };
}

function subselections({ nodes, denials }: FieldGroup): Selection[] {
  return nodes.flatMap(({ selectionSet }, index) =>
    selectionSet ? [{ set: selectionSet, denied: denials[index] }] : [],
  );
}

function fieldTypeOf(parent: GraphQLCompositeType, fieldName: string): GraphQLOutputType | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[fieldName]?.type : undefined;
}

function valueShape(
  scope: CollectorScope,
  type: GraphQLOutputType,
  selections: readonly Selection[],
  nonNull: boolean,
): ValueShape {
  if (isNonNullType(type)) return valueShape(scope, type.ofType, selections, true);
  if (isListType(type)) {
    return { kind: 'list', nonNull, element: valueShape(scope, type.ofType, selections, false) };
  }
  if (isLeafType(type)) return { kind: 'leaf', nonNull, leaf: leafOf(type) };
  return buildObjectShape(scope, type, selections, nonNull);
}
