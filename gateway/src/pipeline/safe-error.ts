import type { AppError } from '@suvidha/errors';
import type { GraphQLFormattedError } from 'graphql';

/** What leaves the gateway when something broke: a code, and the request id by which the log tells more. */
export function toMaskedError(requestId: string): GraphQLFormattedError {
  return {
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

/** An error of our own as clients see it. */
export function fromAppError(error: AppError): GraphQLFormattedError {
  return {
    message: error.message,
    extensions: {
      code: error.code,
      ...(error.reason && { reason: error.reason }),
      ...(error.field && { field: error.field }),
    },
  };
}
