import { coerceVariables, toValidationError } from '@suvidha/graphql-input';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
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

type Format = (error: GraphQLError, context: SubgraphContext) => GraphQLFormattedError;

/** A document that may run, or why it may not. */
type Prepared = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLFormattedError[] };

export function createExecutor(schema: GraphQLSchema, format: Format): Executor {
  const documents = new Map<string, Prepared>();
  const prepare = (query: string): Prepared => {
    const known = documents.get(query);
    if (known) return known;
    const prepared = parseAndValidate(schema, query);
    const oldest = documents.size >= documentCacheSize ? documents.keys().next().value : undefined;
    if (oldest !== undefined) documents.delete(oldest);
    documents.set(query, prepared);
    return prepared;
  };
  /** What graphql-js is to run, or the errors of what it must not. */
  const begin = (call: GraphQLCall, contextValue: SubgraphContext) => {
    const prepared = prepare(call.query);
    if ('errors' in prepared) return prepared;
    const { document } = prepared;
    const operation = getOperationAST(document, call.operationName);
    const variables = coerceVariables(schema, operation?.variableDefinitions ?? [], call.variables ?? {});
    if ('errors' in variables) return variables;
    return {
      args: {
        schema,
        document,
        contextValue,
        variableValues: call.variables ?? undefined,
        operationName: call.operationName ?? undefined,
      },
    };
  };
  const toFormatted = (result: ExecutionResult, context: SubgraphContext): FormattedExecutionResult => ({
    ...(result.errors && { errors: result.errors.map((error) => format(error, context)) }),
    ...('data' in result && { data: result.data ?? null }),
  });
  return {
    async execute(call, context) {
      const begun = begin(call, context);
      return 'errors' in begun ? begun : toFormatted(await execute(begun.args), context);
    },
    async subscribe(call, context) {
      const begun = begin(call, context);
      if ('errors' in begun) return begun;
      const result = await subscribe(begun.args);
      if (!(Symbol.asyncIterator in result)) return toFormatted(result, context);
      // A stream that breaks says so in its last event, as it would in an answer: the socket it shares with others goes on.
      return mapEvents(
        result as AsyncIterableIterator<ExecutionResult>,
        (event) => toFormatted(event, context),
        (error) => ({ errors: [format(toGraphQLError(error), context)] }),
      );
    },
  };
}

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error('a stream broke', { cause: error });
  return new GraphQLError(originalError.message, { originalError });
}

function parseAndValidate(schema: GraphQLSchema, query: string): Prepared {
  try {
    const document = parse(query);
    const errors = validate(schema, document).map((error) => toValidationError(error, document));
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { errors: [{ message: error.message, extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] };
  }
}
