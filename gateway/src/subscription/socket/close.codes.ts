/** Why a connection is closed, as its client is told. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/**
 * The close codes of `graphql-transport-ws`
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). The reference client comes back after 1001, 1013 and
 * 4403, asking for a token anew, and takes the others as final.
 */
export const closings = {
  goingAway: { code: 1001, reason: 'Going away' },
  tryAgain: { code: 1013, reason: 'Tokens cannot be checked right now' },
  badMessage: { code: 4400, reason: 'Bad message' },
  notAcknowledged: { code: 4401, reason: 'Unauthorized' },
  badToken: { code: 4403, reason: 'Forbidden' },
  tokenExpired: { code: 4403, reason: 'Forbidden: the access token has expired' },
  sessionRevoked: { code: 4403, reason: 'Forbidden: the session was ended' },
  otherPerson: { code: 4403, reason: 'Forbidden: the access token is for somebody else' },
  badProtocol: { code: 4406, reason: 'Subprotocol not acceptable' },
  initTimeout: { code: 4408, reason: 'Connection initialisation timeout' },
  idInUse: (id: string): Closing => ({ code: 4409, reason: `Subscriber for ${toShort(id)} already exists` }),
  initTwice: { code: 4429, reason: 'Too many initialisation requests' },
  fault: { code: 4500, reason: 'Internal server error' },
} as const;

/** A close reason has at most 123 bytes (RFC 6455 §5.5). */
function toShort(id: string): string {
  return /^[\x20-\x7e]{1,64}$/.test(id) ? id : 'this id';
}
