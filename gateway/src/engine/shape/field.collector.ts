import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { DenialCode, Denials } from '../access/operation.filter.ts';
import type { DeferredFragment, DeferredFragments } from '../plan/deferral.ts';

/** A selection set, and whether something above it in the operation was denied to the caller. */
export interface Selection {
  readonly set: SelectionSetNode;
  readonly denied: DenialCode | undefined;
}

/** The selections of one response name in one object: together they say what its value looks like. */
export interface FieldGroup {
  readonly responseName: string;
  readonly nodes: FieldNode[];
  readonly denials: (DenialCode | undefined)[];
}

/** A deferred fragment that applies to an object. */
export interface DeferredSelection {
  readonly fragment: DeferredFragment;
  readonly selection: Selection;
}

/** What one object is made of. */
export interface CollectedFields {
  readonly groups: readonly FieldGroup[];
  readonly deferred: readonly DeferredSelection[];
}

/** What collecting depends on, fixed for one variant of an operation. */
export interface CollectorScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly denials: Denials;
  /** Fragments whose fields do not belong to the object that they stand in, but to a part of their own. */
  readonly deferred: DeferredFragments;
  /** Values of the variables that `@skip` and `@include` mention. */
  readonly conditions: ReadonlyMap<string, boolean>;
}

/** CollectFields (GraphQL §6.3.2) for one runtime type, with conditions and fragments resolved ahead of the run. */
export function collectFields(
  scope: CollectorScope,
  runtimeType: GraphQLCompositeType,
  selections: readonly Selection[],
): CollectedFields {
  const collection: Collection = { scope, runtimeType, groups: new Map(), deferred: [] };
  for (const { set, denied } of selections) collectSet(collection, set, denied, new Set());
  return { groups: [...collection.groups.values()], deferred: collection.deferred };
}

interface Collection {
  readonly scope: CollectorScope;
  readonly runtimeType: GraphQLCompositeType;
  readonly groups: Map<string, FieldGroup>;
  readonly deferred: DeferredSelection[];
}

function collectSet(
  collection: Collection,
  set: SelectionSetNode,
  denied: DenialCode | undefined,
  visited: Set<string>,
): void {
  const { scope, runtimeType, groups } = collection;
  for (const node of set.selections) {
    if (!isIncluded(node, scope.conditions)) continue;
    const code = denied ?? scope.denials.get(node);
    if (node.kind === Kind.FIELD) {
      addField(groups, node, code);
    } else {
      const fragment = fragmentOf(scope, node, denied, visited);
      if (!fragment || !applies(scope.schema, fragment.typeCondition?.name.value, runtimeType)) continue;
      const inherited = code ?? scope.denials.get(fragment);
      const deferred = scope.deferred.get(node);
      if (deferred)
        collection.deferred.push({
          fragment: deferred,
          selection: { set: fragment.selectionSet, denied: inherited },
        });
      else collectSet(collection, fragment.selectionSet, inherited, visited);
    }
  }
}

function addField(groups: Map<string, FieldGroup>, node: FieldNode, denied: DenialCode | undefined): void {
  const responseName = node.alias?.value ?? node.name.value;
  const group = groups.get(responseName) ?? { responseName, nodes: [], denials: [] };
  group.nodes.push(node);
  group.denials.push(denied);
  groups.set(responseName, group);
}

/** A named fragment counts once per selection set, unless it is reached both inside and outside of something denied. */
function fragmentOf(
  scope: CollectorScope,
  node: Exclude<SelectionNode, FieldNode>,
  denied: DenialCode | undefined,
  visited: Set<string>,
) {
  if (node.kind === Kind.INLINE_FRAGMENT) return node;
  const key = `${node.name.value} ${denied ?? ''}`;
  if (visited.has(key)) return undefined;
  visited.add(key);
  return scope.fragments.get(node.name.value);
}

function applies(
  schema: GraphQLSchema,
  condition: string | undefined,
  runtimeType: GraphQLCompositeType,
): boolean {
  if (condition === undefined || condition === runtimeType.name) return true;
  const type = schema.getType(condition);
  if (!isCompositeType(type) || !isAbstractType(type)) return false;
  return 'getFields' in runtimeType && schema.isSubType(type, runtimeType);
}

function isIncluded(node: SelectionNode, conditions: ReadonlyMap<string, boolean>): boolean {
  return conditionOf(node, 'skip', conditions) !== true && conditionOf(node, 'include', conditions) !== false;
}

function conditionOf(
  node: SelectionNode,
  directiveName: string,
  conditions: ReadonlyMap<string, boolean>,
): boolean | undefined {
  const directive = node.directives?.find(({ name }) => name.value === directiveName);
  const value = directive && ifArgumentOf(directive);
  if (value?.kind === Kind.BOOLEAN) return value.value;
  return value?.kind === Kind.VARIABLE ? conditions.get(value.name.value) : undefined;
}

/** The `if` argument of a `@skip` or `@include`. */
function ifArgumentOf(directive: DirectiveNode) {
  return directive.arguments?.find(({ name }) => name.value === 'if')?.value;
}

/** Names of the variables on which the presence of a field or fragment depends. */
export function conditionVariablesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      if (directive.name.value !== 'skip' && directive.name.value !== 'include') return;
      const value = ifArgumentOf(directive);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
