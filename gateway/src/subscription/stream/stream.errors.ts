import type { GraphQLFormattedError } from 'graphql';

/** Why the gateway itself ended an operation that was running. */
export type StreamEnd =
  | 'INTERRUPTED'
  | 'LAGGED'
  | 'SCHEMA_RELOADED'
  | 'TOKEN_EXPIRED'
  | 'SESSION_REVOKED'
  | 'TOO_MANY_SUBSCRIPTIONS';

const errors: Readonly<Record<StreamEnd, GraphQLFormattedError>> = {
  INTERRUPTED: {
    message: 'The subscription was interrupted: resume with the last cursor.',
    extensions: { code: 'UPSTREAM_UNAVAILABLE' },
  },
  LAGGED: {
    message:
      'Events came faster than they were read: subscribe again, with the last cursor where there is one.',
    extensions: { code: 'FAILED_PRECONDITION', reason: 'SUBSCRIBER_LAGGED' },
  },
  SCHEMA_RELOADED: {
    message: 'The schema has changed: subscribe again.',
    extensions: { code: 'SCHEMA_RELOADED' },
  },
  TOKEN_EXPIRED: {
    message: 'The access token has expired: refresh the session and subscribe again.',
    extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' },
  },
  SESSION_REVOKED: {
    message: 'The session was ended: log in again.',
    extensions: { code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' },
  },
  TOO_MANY_SUBSCRIPTIONS: {
    message: 'The connection has as many operations as it may have: complete some of them first.',
    extensions: { code: 'RATE_LIMITED', reason: 'TOO_MANY_SUBSCRIPTIONS' },
  },
};

/** What a client is told, as the list that responses and `error` messages carry. */
export function toStreamErrors(end: StreamEnd): readonly GraphQLFormattedError[] {
  return [errors[end]];
}
