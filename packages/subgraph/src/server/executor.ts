import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  subscribe,
  validate,
} from 'graphql';
import type { SubgraphContext } from '../context.ts';
import { mapEvents } from '../graphql/map-events.ts';

/** A GraphQL operation as it comes from the gateway. */
export interface GraphQLCall {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface Executor {
  execute(call: GraphQLCall, context: SubgraphContext): Promise<FormattedExecutionResult>;
  subscribe(
    call: GraphQLCall,
    context: SubgraphContext,
  ): Promise<AsyncIterableIterator<FormattedExecutionResult> | FormattedExecutionResult>;
}

/** The gateway sends few different documents, each many times. */
const documentCacheSize = 1_000;

type Format = (error: GraphQLError, context: SubgraphContext) => ReturnType<GraphQLError['toJSON']>;

export function createExecutor(schema: GraphQLSchema, format: Format): Executor {
  const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();
  const prepare = (query: string) => {
    const known = documents.get(query);
    if (known) return known;
    const prepared = parseAndValidate(schema, query);
    const oldest = documents.size >= documentCacheSize ? documents.keys().next().value : undefined;
    if (oldest !== undefined) documents.delete(oldest);
    documents.set(query, prepared);
    return prepared;
  };
  const toFormatted = (result: ExecutionResult, context: SubgraphContext): FormattedExecutionResult => ({
    ...(result.errors && { errors: result.errors.map((error) => format(error, context)) }),
    ...('data' in result && { data: result.data ?? null }),
  });
  return {
    async execute(call, context) {
      const document = prepare(call.query);
      if (!('kind' in document)) return toFormatted({ errors: document }, context);
      return toFormatted(await execute(toArguments(schema, document, call, context)), context);
    },
    async subscribe(call, context) {
      const document = prepare(call.query);
      if (!('kind' in document)) return toFormatted({ errors: document }, context);
      const result = await subscribe(toArguments(schema, document, call, context));
      if (!(Symbol.asyncIterator in result)) return toFormatted(result, context);
      return mapEvents(result as AsyncIterableIterator<ExecutionResult>, (event) =>
        toFormatted(event, context),
      );
    },
  };
}

function toArguments(
  schema: GraphQLSchema,
  document: DocumentNode,
  call: GraphQLCall,
  contextValue: SubgraphContext,
) {
  return {
    schema,
    document,
    contextValue,
    variableValues: call.variables ?? undefined,
    operationName: call.operationName ?? undefined,
  };
}

function parseAndValidate(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    return [error instanceof GraphQLError ? error : new GraphQLError('The document cannot be read.')];
  }
}
