import {
  type ASTNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isInterfaceType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Access } from '../engine.types.ts';
import { keepNonEmpty, type SelectedOperation, toDocument } from '../plan/selected.operation.ts';
import { type AccessRule, type AccessRules, refusalOf } from './access.rules.ts';

export type DenialCode = 'UNAUTHENTICATED' | 'FORBIDDEN';

/** Fields and fragments of the operation that the caller may not see, by their node in the original operation. */
export type Denials = ReadonlyMap<ASTNode, DenialCode>;

/** An operation without what the caller may not see; the original keeps its place for shaping. */
export interface FilteredOperation {
  readonly operation: SelectedOperation;
  readonly denials: Denials;
}

/** The rules that stand on an operation, by the node they stand on: found once per operation. */
export interface OperationAccess {
  readonly rules: ReadonlyMap<ASTNode, readonly AccessRule[]>;
  /** Which rules the caller fails: operations are planned once for each such answer. */
  classOf(access: Access): string;
}

/**
 * Finds the rules of every field (its own, its parent type's, its result type's) and of every fragment (its type's).
 * A field selected on an interface carries the rules of that field in every type that implements it, since the runtime type
 * is not known before the fetch.
 */
export function findOperationAccess(
  schema: GraphQLSchema,
  accessRules: AccessRules,
  operation: SelectedOperation,
): OperationAccess {
  const rules = new Map<ASTNode, readonly AccessRule[]>();
  if (accessRules.size > 0) {
    const typeInfo = new TypeInfo(schema);
    const note = (node: ASTNode, found: readonly AccessRule[]) => {
      if (found.length > 0) rules.set(node, found);
    };
    const noteFragment = (node: InlineFragmentNode | FragmentDefinitionNode) => {
      const typeName = node.typeCondition?.name.value;
      if (typeName) note(node, present([accessRules.get(typeName)]));
    };
    visit(
      operation.document,
      visitWithTypeInfo(typeInfo, {
        Field: (node) =>
          note(node, rulesOfField(schema, accessRules, typeInfo.getParentType(), typeInfo.getFieldDef())),
        InlineFragment: noteFragment,
        FragmentDefinition: noteFragment,
      }),
    );
  }
  const distinct = [...new Set([...rules.values()].flat())];
  return {
    rules,
    classOf: (access) => distinct.map((rule) => (refusalOf(rule, access) ?? '-')[0]).join(''),
  };
}

/** Removes what the caller may not see. A selection set that becomes empty keeps `__typename`, so the object still comes. */
export function filterOperation(
  operation: SelectedOperation,
  operationAccess: OperationAccess,
  access: Access,
): FilteredOperation {
  const denials = new Map<ASTNode, DenialCode>();
  for (const [node, rules] of operationAccess.rules) {
    const code = present(rules.map((rule) => refusalOf(rule, access)))[0];
    if (code) denials.set(node, code);
  }
  if (denials.size === 0) return { operation, denials };
  const emptied = new Set<string>();
  for (const [node] of denials) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) emptied.add(node.name.value);
  }
  const definition = visit(operation.definition, removal(denials, emptied));
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const [name, fragment] of operation.fragments) {
    if (!emptied.has(name)) fragments.set(name, visit(fragment, removal(denials, emptied)));
  }
  return {
    operation: { definition, fragments, document: toDocument(definition, fragments.values()) },
    denials,
  };
}

function rulesOfField(
  schema: GraphQLSchema,
  accessRules: AccessRules,
  parent: GraphQLNamedType | null | undefined,
  field: GraphQLField<unknown, unknown> | null | undefined,
): readonly AccessRule[] {
  if (!parent || !field || field.name.startsWith('__')) return [];
  const owners = isInterfaceType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
  return present([
    ...owners.flatMap(({ name }) => [accessRules.get(name), accessRules.get(`${name}.${field.name}`)]),
    accessRules.get(getNamedType(field.type).name),
  ]);
}

function removal(denials: Denials, emptied: ReadonlySet<string>) {
  const removeDenied = (node: ASTNode) => (denials.has(node) ? null : undefined);
  return {
    Field: removeDenied,
    InlineFragment: removeDenied,
    FragmentSpread: (node: { name: { value: string } }) => (emptied.has(node.name.value) ? null : undefined),
    SelectionSet: { leave: keepNonEmpty },
  };
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
