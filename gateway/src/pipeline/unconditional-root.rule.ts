import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

const conditions = new Set(['skip', 'include']);

/**
 * Refuses `@skip` and `@include` at the root of a subscription, where they could leave nothing to subscribe to (GraphQL,
 * September 2025, §5.2.4.1). It has to come before the rule for a single root field, which fails on such conditions.
 */
export function unconditionalRootRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition({ operation, selectionSet }) {
      const condition = operation === OperationTypeNode.SUBSCRIPTION && findCondition(context, selectionSet);
      if (condition)
        context.reportError(
          new GraphQLError('A subscription must not have @skip or @include at its root.', {
            nodes: condition,
          }),
        );
      return false;
    },
    FragmentDefinition: () => false,
  };
}

function findCondition(
  context: ValidationContext,
  set: SelectionSetNode,
  seen = new Set<SelectionSetNode>(),
): SelectionNode | undefined {
  seen.add(set);
  for (const selection of set.selections) {
    if (selection.directives?.some(({ name }) => conditions.has(name.value))) return selection;
    const within = toFragment(context, selection);
    const found = within && !seen.has(within) && findCondition(context, within, seen);
    if (found) return found;
  }
  return undefined;
}

/** What a fragment puts in this place; undefined for a field. */
function toFragment(context: ValidationContext, selection: SelectionNode): SelectionSetNode | undefined {
  switch (selection.kind) {
    case Kind.INLINE_FRAGMENT:
      return selection.selectionSet;
    case Kind.FRAGMENT_SPREAD:
      return context.getFragment(selection.name.value)?.selectionSet ?? undefined;
    default:
      return undefined;
  }
}
