import {
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { type SelectedOperation, toDocument } from '../plan/selected.operation.ts';

/**
 * Answers `__schema` or `__type` from the API schema. Throws when the schema cannot answer, which validation rules out.
 */
export function answerIntrospection(
  schema: GraphQLSchema,
  operation: SelectedOperation,
  nodes: readonly FieldNode[],
  variables: Record<string, unknown>,
): unknown {
  const definition = introspectionOperation(operation, nodes);
  const document = toDocument(definition, operation.fragments.values());
  const result = executeSync({ schema, document, variableValues: variables });
  const [error] = result.errors ?? [];
  if (error) throw error;
  const [name] = Object.keys(result.data ?? {});
  return name === undefined ? null : result.data?.[name];
}

function introspectionOperation(
  { definition, fragments }: SelectedOperation,
  nodes: readonly FieldNode[],
): OperationDefinitionNode {
  const used = new Set<string>();
  for (const node of [...nodes, ...fragments.values()]) {
    visit(node, { Variable: ({ name }) => void used.add(name.value) });
  }
  return {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions:
      definition.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [],
    selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
  };
}
