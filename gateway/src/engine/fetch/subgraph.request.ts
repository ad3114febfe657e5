import type { OperationTypeNode } from 'graphql';

/** One question to a subgraph. Variables are kept as JSON text, since most questions go out as text. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly operationKind: `${OperationTypeNode}`;
  /** The variables as a JSON object. */
  readonly variablesJson: string;
  /** The whole question as a GraphQL-over-HTTP body. */
  readonly body: string;
  /** The variables as values, for clients that call a function. */
  readonly variables: Record<string, unknown>;
}

/** The part of a question that is the same every time: made once for each fetch of a plan. */
export class SubgraphOperation {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly operationKind: `${OperationTypeNode}`;
  readonly #bodyHead: string;

  constructor(query: string, operationName: string | undefined, operationKind: `${OperationTypeNode}`) {
    this.query = query;
    this.operationName = operationName;
    this.operationKind = operationKind;
    const name = operationName ? `,"operationName":${JSON.stringify(operationName)}` : '';
    this.#bodyHead = `{"query":${JSON.stringify(query)}${name},"variables":`;
  }

  withVariables(variablesJson: string): SubgraphRequest {
    return new PreparedRequest(this, `${this.#bodyHead}${variablesJson}}`, variablesJson);
  }
}

class PreparedRequest implements SubgraphRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly operationKind: `${OperationTypeNode}`;
  readonly variablesJson: string;
  readonly body: string;

  constructor(operation: SubgraphOperation, body: string, variablesJson: string) {
    this.query = operation.query;
    this.operationName = operation.operationName;
    this.operationKind = operation.operationKind;
    this.variablesJson = variablesJson;
    this.body = body;
  }

  get variables(): Record<string, unknown> {
    return JSON.parse(this.variablesJson);
  }
}
