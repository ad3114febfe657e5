import { getDirectives } from '@graphql-tools/utils';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * Root fields and fields of entities that do not say who may read them, as `Type.field`. Must be empty: access
 * fails closed. Takes the type-graphql schema, because the subgraph build drops extensions.
 */
export function findUndeclaredAccess(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => rootTypes.has(type.name) || isEntity(schema, type))
    .filter((type) => type.extensions.access === undefined)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => field.extensions.access === undefined)
        .map((field) => `${type.name}.${field.name}`),
    );
}

function isEntity(schema: GraphQLSchema, type: GraphQLNamedType): boolean {
  return getDirectives(schema, type).some(({ name }) => name === 'key');
}

/** Elements without a description, as paths. Must be empty. */
export function findUndescribed(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && type.astNode === undefined)
    .flatMap((type) => undescribed(type));
}

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly args?: readonly Described[];
}

function undescribed(type: GraphQLNamedType): string[] {
  const own = type.description || rootTypes.has(type.name) ? [] : [type.name];
  return [...own, ...membersOf(type).flatMap((member) => undescribedMember(member, type.name))];
}

function membersOf(type: GraphQLNamedType): readonly Described[] {
  if (isEnumType(type)) return type.getValues();
  if (isObjectType(type) || isInputObjectType(type)) return Object.values(type.getFields());
  return [];
}

function undescribedMember(member: Described, parent: string): string[] {
  const path = `${parent}.${member.name}`;
  const args = (member.args ?? []).flatMap((argument) => undescribedMember(argument, path));
  return member.description ? args : [path, ...args];
}
