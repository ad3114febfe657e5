import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** How large an operation may be once its fragments are spread. */
export interface OperationLimits {
  /** Fields in each other. The introspection of a deep schema takes about 15. */
  readonly maxDepth: number;
  readonly maxFields: number;
  /** Fields at the root: each may be a request to a subgraph. */
  readonly maxRootFields: number;
}

export const defaultLimits: OperationLimits = { maxDepth: 30, maxFields: 5_000, maxRootFields: 100 };

interface Size {
  readonly depth: number;
  readonly fields: number;
}

const nothing: Size = { depth: 0, fields: 0 };

/**
 * Refuses an operation that is too large, before it is planned. Each fragment is measured once, so a document that
 * spreads fragments in fragments costs no more than its text.
 */
export function createOperationLimitsRule(limits: OperationLimits = defaultLimits) {
  return (context: ValidationContext): ASTVisitor => {
    const measured = new Map<string, Size>();

    const measureFragment = (fragment: FragmentDefinitionNode | null | undefined): Size => {
      if (!fragment) return nothing;
      const known = measured.get(fragment.name.value);
      if (known) return known;
      // A fragment that spreads itself is refused by another rule; here it ends.
      measured.set(fragment.name.value, nothing);
      const size = measure(fragment.selectionSet);
      measured.set(fragment.name.value, size);
      return size;
    };

    const measure = ({ selections }: SelectionSetNode): Size => {
      let size = nothing;
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          const inner = selection.selectionSet ? measure(selection.selectionSet) : nothing;
          size = join(size, { depth: inner.depth + 1, fields: inner.fields + 1 });
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          size = join(size, measure(selection.selectionSet));
        } else {
          size = join(size, measureFragment(context.getFragment(selection.name.value)));
        }
      }
      return size;
    };

    return {
      OperationDefinition({ selectionSet }) {
        const { depth, fields } = measure(selectionSet);
        const report = (rule: string) => context.reportError(tooLarge(rule));
        if (depth > limits.maxDepth) report(`deeper than ${limits.maxDepth} fields`);
        if (fields > limits.maxFields) report(`larger than ${limits.maxFields} fields`);
        if (selectionSet.selections.length > limits.maxRootFields)
          report(`wider than ${limits.maxRootFields} fields at its root`);
        return false;
      },
    };
  };
}

function join(a: Size, b: Size): Size {
  return { depth: Math.max(a.depth, b.depth), fields: a.fields + b.fields };
}

function tooLarge(rule: string): GraphQLError {
  return new GraphQLError(`The operation is ${rule}.`, { extensions: { code: 'OPERATION_TOO_LARGE' } });
}
