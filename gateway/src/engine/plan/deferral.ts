import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type InlineFragmentNode,
  Kind,
  type NameNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { keepNonEmpty, type SelectedOperation, toDocument } from './selected.operation.ts';

/** A fragment of an operation that is delivered after the rest. */
export interface DeferredFragment {
  /** Names the fragment in the plan; different for each place, also where one named fragment is spread twice. */
  readonly id: string;
  /** What the client calls it. */
  readonly label: string | undefined;
}

/** Deferred fragments by their node in the operation. */
export type DeferredFragments = ReadonlyMap<ASTNode, DeferredFragment>;

export const NOTHING_DEFERRED: DeferredFragments = new Map();

/** An operation in which every `@defer` that is left holds, and named fragments have been spread. */
export interface DeferringOperation {
  readonly operation: SelectedOperation;
  readonly deferred: DeferredFragments;
}

/** Names of the variables that decide which fragments are deferred; undefined when the operation has no `@defer`. */
export function findDeferVariables({ document }: SelectedOperation): readonly string[] | undefined {
  const names = new Set<string>();
  let isPresent = false;
  visit(document, {
    Directive(directive) {
      if (!isDefer(directive)) return;
      isPresent = true;
      const condition = argumentOf(directive, 'if');
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value);
    },
  });
  return isPresent ? [...names] : undefined;
}

/** The document as if `@defer` had not been written. */
export function withoutDefer(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: (node) => (isDefer(node) ? null : undefined) });
}

/** The document without what the schema alone answers. */
export function withoutIntrospection(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: ({ name }) => (name.value === '__schema' || name.value === '__type' ? null : undefined),
    SelectionSet: { leave: keepNonEmpty },
  });
}

/**
 * Settles what is deferred. Done before planning, because a planner that is given the conditions plans each combination
 * of them, and because it tells deferred parts apart by label.
 */
export function settleDeferral(
  operation: SelectedOperation,
  variables: Readonly<Record<string, unknown>>,
): DeferringOperation {
  const { definition, fragments } = operation;
  const deferral = new Deferral(fragments, variables);
  // A mutation runs its root fields in order: none of them can be put off.
  const canDefer = definition.operation === OperationTypeNode.QUERY;
  const settled = { ...definition, selectionSet: deferral.settle(definition.selectionSet, canDefer) };
  return {
    operation: { definition: settled, fragments: new Map(), document: toDocument(settled, []) },
    deferred: deferral.deferred,
  };
}

class Deferral {
  readonly deferred = new Map<ASTNode, DeferredFragment>();
  readonly #fragments: SelectedOperation['fragments'];
  readonly #variables: Readonly<Record<string, unknown>>;
  #count = 0;

  constructor(fragments: SelectedOperation['fragments'], variables: Readonly<Record<string, unknown>>) {
    this.#fragments = fragments;
    this.#variables = variables;
  }

  settle(set: SelectionSetNode, canDefer: boolean): SelectionSetNode {
    return { ...set, selections: set.selections.flatMap((node) => this.#selection(node, canDefer) ?? []) };
  }

  #selection(node: SelectionNode, canDefer: boolean): SelectionNode | undefined {
    if (node.kind === Kind.FIELD) {
      return node.selectionSet ? { ...node, selectionSet: this.settle(node.selectionSet, true) } : node;
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value);
    if (!fragment) return undefined;
    const defer = canDefer ? node.directives?.find((directive) => this.#holds(directive)) : undefined;
    const deferred = defer && this.#register(defer);
    const others = node.directives?.filter((directive) => !isDefer(directive)) ?? [];
    const settled: InlineFragmentNode = {
      kind: Kind.INLINE_FRAGMENT,
      ...(fragment.typeCondition && { typeCondition: fragment.typeCondition }),
      directives: deferred ? [...others, toDirective(deferred)] : others,
      selectionSet: this.settle(fragment.selectionSet, canDefer),
    };
    if (deferred) this.deferred.set(settled, deferred);
    return settled;
  }

  #register(defer: DirectiveNode): DeferredFragment {
    const label = argumentOf(defer, 'label');
    this.#count += 1;
    return { id: `part ${this.#count}`, label: label?.kind === Kind.STRING ? label.value : undefined };
  }

  #holds(directive: DirectiveNode): boolean {
    if (!isDefer(directive)) return false;
    const condition = argumentOf(directive, 'if');
    if (condition?.kind === Kind.VARIABLE) return this.#variables[condition.name.value] === true;
    return condition?.kind !== Kind.BOOLEAN || condition.value;
  }
}

function isDefer({ name }: DirectiveNode): boolean {
  return name.value === 'defer';
}

function argumentOf(directive: DirectiveNode, argumentName: string) {
  return directive.arguments?.find(({ name }) => name.value === argumentName)?.value;
}

function toDirective({ id }: DeferredFragment): DirectiveNode {
  const value = { kind: Kind.STRING, value: id } as const;
  return {
    kind: Kind.DIRECTIVE,
    name: toName('defer'),
    arguments: [{ kind: Kind.ARGUMENT, name: toName('label'), value }],
  };
}

function toName(value: string): NameNode {
  return { kind: Kind.NAME, value };
}
