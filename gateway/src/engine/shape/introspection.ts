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
import type { FieldShape } from './shape.types.ts';

type IntrospectionField = FieldShape & { kind: 'introspection' };

/** Answers the introspection fields of one run. */
export class Introspector {
  readonly #schema: GraphQLSchema;
  readonly #operation: SelectedOperation;
  readonly #variables: Record<string, unknown>;

  /**
   * @param schema the API schema.
   * @param variables as they came.
   */
  constructor(schema: GraphQLSchema, operation: SelectedOperation, variables: Record<string, unknown>) {
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
  }

  /** Answers `__schema` or `__type`. Throws when the schema cannot answer, which validation rules out. */
  answer({ nodes }: IntrospectionField): unknown {
    const definition = introspectionOperation(this.#operation, nodes);
    const document = toDocument(definition, this.#operation.fragments.values());
    const result = executeSync({ schema: this.#schema, document, variableValues: this.#variables });
    const [error] = result.errors ?? [];
    if (error) throw error;
    const [name] = Object.keys(result.data ?? {});
    return name === undefined ? null : result.data?.[name];
  }
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
