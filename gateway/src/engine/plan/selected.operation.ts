import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** One operation of a document with the fragments it reaches: all that planning and shaping look at. */
export interface SelectedOperation {
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly document: DocumentNode;
}

/** Picks the operation to run (GraphQL §6.1). Throws a `GraphQLError` when the name fits none or the choice is open. */
export function selectOperation(
  document: DocumentNode,
  operationName: string | undefined,
): SelectedOperation {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const definition = operationName
    ? operations.find((node) => node.name?.value === operationName)
    : operations.length === 1
      ? operations[0]
      : undefined;
  if (!definition) throw unknownOperation(operationName, operations.length);
  const fragments = reachableFragments(document, definition);
  return { definition, fragments, document: toDocument(definition, fragments.values()) };
}

export function toDocument(
  definition: OperationDefinitionNode,
  fragments: Iterable<FragmentDefinitionNode>,
): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] };
}

/** For visitors that remove selections: a set that has become empty keeps `__typename`, so that the object still comes. */
export function keepNonEmpty(node: SelectionSetNode): SelectionSetNode | undefined {
  return node.selections.length > 0 ? undefined : { ...node, selections: [TYPENAME] };
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function unknownOperation(operationName: string | undefined, count: number): GraphQLError {
  const message = operationName
    ? 'The document has no operation of the given name.'
    : count === 0
      ? 'The document has no operation.'
      : 'The document has several operations: operationName must say which one to run.';
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

function reachableFragments(document: DocumentNode, root: OperationDefinitionNode) {
  const known = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) known.set(node.name.value, node);
  }
  const reached = new Map<string, FragmentDefinitionNode>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = known.get(name.value);
        if (!fragment || reached.has(name.value)) return;
        reached.set(name.value, fragment);
        follow(fragment);
      },
    });
  };
  follow(root);
  return reached;
}
