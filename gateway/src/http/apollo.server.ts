import { ApolloServer, type BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { toValidationError } from '@suvidha/graphql-input';
import type { Log } from '@suvidha/log';
import { GraphQLError, type GraphQLFormattedError, parse } from 'graphql';
import { type ClientIdentity, toAccess, toRequestContext, withDeadline } from '../auth/client-identity.ts';
import type { CancelSignal, EngineResult } from '../engine/index.ts';
import { maxTokens } from '../pipeline/nesting.ts';
import { createOperationLimitsRule } from '../pipeline/operation-limits.rule.ts';
import type { LiveSupergraph } from '../supergraph/live-supergraph.ts';

/** What Apollo Server hands to the engine with each request. */
export interface HttpContext extends BaseContext {
  readonly identity: ClientIdentity;
  readonly requestId: string;
  readonly signal: CancelSignal;
}

/** Apollo Server for queries and mutations over HTTP, with the engine in the place of its executor. */
export function createApolloServer(supergraph: LiveSupergraph, log: Log): ApolloServer<HttpContext> {
  return new ApolloServer<HttpContext>({
    gateway: toGatewayInterface(supergraph),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens },
    // Its own store of parsed documents keeps every token; what is asked again is answered without it anyway.
    documentStore: null,
    validationRules: [createOperationLimitsRule()],
    formatError: (formatted, error) => toSafeError(formatted, error),
    plugins: [ApolloServerPluginLandingPageDisabled()],
    logger: {
      debug: (message) => log.debug(message),
      info: (message) => log.info(message),
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
  });
}

type Gateway = NonNullable<ConstructorParameters<typeof ApolloServer<HttpContext>>[0]['gateway']>;
type Executor = Awaited<ReturnType<Gateway['load']>>['executor'];

function toGatewayInterface(supergraph: LiveSupergraph): Gateway {
  const executor: NonNullable<Executor> = async ({ request, document, context, schema }) => {
    const { identity, requestId, signal } = context as HttpContext;
    const generation = supergraph.generationOf(schema);
    generation.begin();
    try {
      const result = await generation.engine.execute({
        document,
        source: request.query ?? '',
        operationName: request.operationName,
        variables: request.variables ?? {},
        context: withDeadline(toRequestContext(identity, requestId, signal)),
        access: toAccess(identity),
      });
      return toExecutionResult(result);
    } finally {
      generation.end();
    }
  };
  return {
    load: async () => ({ executor }),
    onSchemaLoadOrUpdate: (listener) =>
      supergraph.onSchema((apiSchema) => listener({ apiSchema, coreSupergraphSdl: '' })),
    stop: async () => undefined,
  };
}

/** Apollo Server formats error objects, the engine gives formatted ones. */
function toExecutionResult({ data, errors }: EngineResult) {
  return {
    ...(data !== undefined && { data }),
    ...(errors && { errors: errors.map(toGraphQLError) }),
  };
}

function toGraphQLError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}

/** Apollo Server gives every validation error one code; the error that was reported stands behind its own. */
function toSafeError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  if (formatted.extensions?.code !== 'GRAPHQL_VALIDATION_FAILED' || !(error instanceof GraphQLError))
    return formatted;
  const reported = error.originalError instanceof GraphQLError ? error.originalError : error;
  const document = reported.source ? parse(reported.source.body, { maxTokens }) : undefined;
  return toValidationError(reported, document);
}
