import { AppError, UserError } from '@suvidha/errors';
import type { Log } from '@suvidha/log';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubgraphContext } from '../context.ts';

/**
 * What leaves the subgraph of an error: code, reason and field of our own errors; the sentence of GraphQL's; of
 * anything else only a code and the request id by which the log tells more.
 */
export function createErrorFormatter(
  log: Log,
): (error: GraphQLError, context: SubgraphContext) => GraphQLFormattedError {
  return (error, { requestId }) => {
    const cause = error.originalError;
    if (cause instanceof AppError) {
      if (cause.cause !== undefined)
        log.warn({ requestId, error: cause, path: error.path }, 'request failed');
      return withPath(error, cause.message, {
        code: cause.code,
        ...(cause.reason && { reason: cause.reason }),
        ...(cause.field && { field: cause.field }),
      });
    }
    if (!cause || cause instanceof GraphQLError)
      return withPath(error, error.message, { code: 'BAD_USER_INPUT', ...error.extensions });
    if (cause instanceof UserError)
      return withPath(error, cause.message, { code: 'BAD_USER_INPUT', reason: cause.code });
    log.error({ requestId, error: cause, path: error.path }, 'unexpected error');
    return withPath(error, 'Something went wrong on our side.', { code: 'INTERNAL_SERVER_ERROR', requestId });
  };
}

function withPath(
  { path }: GraphQLError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLFormattedError {
  return { message, ...(path && { path }), extensions };
}
