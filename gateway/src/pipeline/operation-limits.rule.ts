import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { pageSizeOf } from './page-size.ts';

/** How large an operation may be once its fragments are spread. */
export interface OperationLimits {
  /** Fields in each other. The introspection of a deep schema takes about 15. */
  readonly maxDepth: number;
  readonly maxFields: number;
  /** Fields at the root: each may be a request to a subgraph. */
  readonly maxRootFields: number;
  /**
   * Objects that the answer may hold: each field with parts is one, as often as the pages around it may repeat it. Lists
   * without pages are not foreseen.
   */
  readonly maxCost: number;
}

export const defaultLimits: OperationLimits = {
  maxDepth: 30,
  maxFields: 5_000,
  maxRootFields: 100,
  maxCost: 50_000,
};

interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly cost: number;
}

const nothing: Size = { depth: 0, fields: 0, cost: 0 };
const leaf: Size = { depth: 1, fields: 1, cost: 0 };

/**
 * Refuses an operation that is too large, before it is planned. Each fragment is measured once, so a document that
 * spreads fragments in fragments costs no more than its text.
 */
export function createOperationLimitsRule(limits: OperationLimits = defaultLimits) {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition({ operation, selectionSet }) {
      const root = context.getSchema().getRootType(operation)?.name;
      const { depth, fields, cost } = new Measure(context).selectionSet(selectionSet, root);
      const report = (rule: string) => context.reportError(tooLarge(rule));
      if (depth > limits.maxDepth) report(`deeper than ${limits.maxDepth} fields`);
      if (fields > limits.maxFields) report(`larger than ${limits.maxFields} fields`);
      if (selectionSet.selections.length > limits.maxRootFields)
        report(`wider than ${limits.maxRootFields} fields at its root`);
      if (cost > limits.maxCost) report(`able to return more than ${limits.maxCost} objects`);
      return false;
    },
  });
}

/** Measures parts of one document. Types go by name; an unknown one is refused by another rule. */
class Measure {
  readonly #context: ValidationContext;
  readonly #fragments = new Map<string, Size>();

  constructor(context: ValidationContext) {
    this.#context = context;
  }

  selectionSet({ selections }: SelectionSetNode, typeName: string | undefined): Size {
    let size = nothing;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        size = join(size, this.#field(selection, typeName));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition } = selection;
        size = join(size, this.selectionSet(selection.selectionSet, typeCondition?.name.value ?? typeName));
      } else {
        size = join(size, this.#fragment(this.#context.getFragment(selection.name.value)));
      }
    }
    return size;
  }

  #field(node: FieldNode, parentName: string | undefined): Size {
    if (!node.selectionSet) return leaf;
    const field = this.#definitionOf(node, parentName);
    const { depth, fields, cost } = this.selectionSet(
      node.selectionSet,
      field && getNamedType(field.type).name,
    );
    return { depth: depth + 1, fields: fields + 1, cost: 1 + pageSizeOf(node, field) * cost };
  }

  #definitionOf({ name }: FieldNode, parentName = ''): GraphQLField<unknown, unknown> | undefined {
    const parent = this.#context.getSchema().getType(parentName);
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name.value] : undefined;
  }

  #fragment(fragment: FragmentDefinitionNode | null | undefined): Size {
    if (!fragment) return nothing;
    const known = this.#fragments.get(fragment.name.value);
    if (known) return known;
    // A fragment that spreads itself is refused by another rule; here it ends.
    this.#fragments.set(fragment.name.value, nothing);
    const size = this.selectionSet(fragment.selectionSet, fragment.typeCondition.name.value);
    this.#fragments.set(fragment.name.value, size);
    return size;
  }
}

function join(a: Size, b: Size): Size {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    cost: a.cost + b.cost,
  };
}

function tooLarge(rule: string): GraphQLError {
  return new GraphQLError(`The operation is ${rule}.`, { extensions: { code: 'OPERATION_TOO_LARGE' } });
}
