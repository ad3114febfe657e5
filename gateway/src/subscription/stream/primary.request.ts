import {
  type ArgumentNode,
  type DefinitionNode,
  type FieldNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { SubgraphRequest, SubgraphResponse } from '../../engine/index.ts';
import type { FieldCatalog, SubscriptionField } from './field.catalog.ts';

/** What is asked of the subgraph where a subscription lives. */
export interface PrimaryRequest {
  readonly field: SubscriptionField;
  /** Equal for requests that get the same events once they have begun, wherever they began. */
  readonly key: string;
  /** Where the client wants to begin. Undefined: at the current state, or with the next event. */
  readonly after: string | undefined;
  /** The request that begins after a cursor; the cursor is ignored where the field knows none. */
  beginningAfter(cursor: string | undefined): SubgraphRequest;
  /** The cursor of an event; undefined when it has none. */
  cursorOf(event: SubgraphResponse): string | undefined;
}

/** How a request text is changed to be resumed: the same for all variables. */
interface ResumableOperation {
  readonly field: SubscriptionField;
  readonly query: string;
  readonly responseName: string;
  readonly variableNames: ReadonlySet<string>;
  /** The client's own `after`. */
  readonly after: ValueNode | undefined;
}

/** What the gateway adds to a request; no response shows it. */
const hiddenVariable = 'suvidha_after';
const hiddenAlias = 'suvidha_cursor';
/** Request texts kept read; a text is about a kilobyte. */
const capacity = 1_000;

/** Reads requests to subgraphs, and makes those of status streams resumable. */
export class PrimaryRequests {
  readonly #catalog: FieldCatalog;
  readonly #known = new Map<string, ResumableOperation | SubscriptionField>();

  constructor(catalog: FieldCatalog) {
    this.#catalog = catalog;
  }

  read(request: SubgraphRequest): PrimaryRequest {
    const operation = this.#known.get(request.query) ?? this.#readText(request.query);
    return 'query' in operation
      ? new ResumableRequest(operation, request)
      : new PlainRequest(operation, request);
  }

  #readText(query: string): ResumableOperation | SubscriptionField {
    const operation = toResumableOperation(query, this.#catalog);
    const [oldest] = this.#known.size >= capacity ? this.#known.keys() : [];
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(query, operation);
    return operation;
  }
}

/** Of a field whose events come once or never. */
class PlainRequest implements PrimaryRequest {
  readonly field: SubscriptionField;
  readonly after = undefined;
  readonly #request: SubgraphRequest;

  constructor(field: SubscriptionField, request: SubgraphRequest) {
    this.field = field;
    this.#request = request;
  }

  get key(): string {
    return this.#request.body;
  }

  beginningAfter(): SubgraphRequest {
    return this.#request;
  }

  cursorOf(): undefined {
    return undefined;
  }
}

/** Of a status stream. */
class ResumableRequest implements PrimaryRequest {
  readonly after: string | undefined;
  readonly #operation: ResumableOperation;
  readonly #operationName: string | undefined;
  readonly #variables: SubgraphRequest['variables'];

  constructor(operation: ResumableOperation, { operationName, variables }: SubgraphRequest) {
    const { after, variableNames } = operation;
    this.after = readAfter(after, variables);
    this.#operation = operation;
    this.#operationName = operationName;
    this.#variables = Object.fromEntries(
      Object.entries(variables).filter(([name]) => variableNames.has(name)),
    );
  }

  get field(): SubscriptionField {
    return this.#operation.field;
  }

  get key(): string {
    return [this.#operation.query, JSON.stringify(this.#variables)].join('\n');
  }

  beginningAfter(cursor: string | undefined): SubgraphRequest {
    const variables =
      cursor === undefined ? this.#variables : { ...this.#variables, [hiddenVariable]: cursor };
    return toRequest(this.#operation.query, this.#operationName, variables);
  }

  cursorOf({ data }: SubgraphResponse): string | undefined {
    const event = data?.[this.#operation.responseName] as Record<string, unknown> | null | undefined;
    const cursor = event?.[hiddenAlias];
    return typeof cursor === 'string' ? cursor : undefined;
  }
}

function readAfter(value: ValueNode | undefined, variables: Record<string, unknown>): string | undefined {
  if (value?.kind === Kind.VARIABLE) {
    const given = variables[value.name.value];
    return given === null || given === undefined ? undefined : String(given);
  }
  return value?.kind === Kind.STRING || value?.kind === Kind.INT ? value.value : undefined;
}

function toRequest(
  query: string,
  operationName: string | undefined,
  variables: SubgraphRequest['variables'],
): SubgraphRequest {
  const body = JSON.stringify({ query, operationName, variables });
  return {
    query,
    operationName,
    operationKind: 'subscription',
    variablesJson: JSON.stringify(variables),
    body,
    variables,
  };
}

function toResumableOperation(query: string, catalog: FieldCatalog): ResumableOperation | SubscriptionField {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const root = operation?.selectionSet.selections[0];
  if (root?.kind !== Kind.FIELD) return catalog.find('');
  const field = catalog.find(root.name.value);
  if (!operation || !field.cursorType) return field;
  const others = document.definitions.filter((node) => node !== operation);
  const changed = { ...operation, selectionSet: toSelectionSet([withHiddenCursor(root)]) };
  const variableDefinitions = defineVariables([changed, ...others], operation, field.cursorType);
  return {
    field,
    query: print({ kind: Kind.DOCUMENT, definitions: [{ ...changed, variableDefinitions }, ...others] }),
    responseName: (root.alias ?? root.name).value,
    variableNames: new Set(variableDefinitions.map(({ variable }) => variable.name.value)),
    after: root.arguments?.find(({ name }) => name.value === 'after')?.value,
  };
}

function withHiddenCursor(root: FieldNode): FieldNode {
  const after: ArgumentNode = {
    kind: Kind.ARGUMENT,
    name: toName('after'),
    value: { kind: Kind.VARIABLE, name: toName(hiddenVariable) },
  };
  const cursor: FieldNode = { kind: Kind.FIELD, name: toName('cursor'), alias: toName(hiddenAlias) };
  return {
    ...root,
    arguments: [...(root.arguments ?? []).filter(({ name }) => name.value !== 'after'), after],
    selectionSet: toSelectionSet([...(root.selectionSet?.selections ?? []), cursor]),
  };
}

/** Declares the variable that was added, and no longer those that nothing uses any more. */
function defineVariables(
  definitions: readonly DefinitionNode[],
  { variableDefinitions = [] }: OperationDefinitionNode,
  cursorType: string,
): VariableDefinitionNode[] {
  const used = new Set<string>();
  for (const definition of definitions)
    visit(definition, {
      VariableDefinition: () => false,
      Variable: ({ name }) => {
        used.add(name.value);
      },
    });
  const hidden: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: toName(hiddenVariable) },
    type: { kind: Kind.NAMED_TYPE, name: toName(cursorType) },
  };
  return [...variableDefinitions.filter(({ variable }) => used.has(variable.name.value)), hidden];
}

function toName(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function toSelectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}
