import { AppError } from '@suvidha/errors';
import type { ClientIdentity } from './client-identity.ts';

/** Whether who was identified once may still be believed. */
export interface Trust {
  /** @throws AppError UNAUTHENTICATED (`SESSION_REVOKED`), or UPSTREAM_UNAVAILABLE when nobody can say. */
  assert(identity: ClientIdentity): void;
  isRevoked(identity: ClientIdentity): boolean;
  /** Undefined: `assert` can say. Else resolves when it can again. */
  untilFresh(identity: ClientIdentity): Promise<void> | undefined;
  /** Calls the listener once when the identity is revoked. @returns stops that. */
  onRevoked(identity: ClientIdentity, listener: () => void): () => void;
}

/** Where there is no identity service to revoke anything: a token holds until it expires. */
export const blindTrust: Trust = {
  assert: () => undefined,
  isRevoked: () => false,
  untilFresh: () => undefined,
  onRevoked: () => () => undefined,
};

export function sessionRevoked(): AppError {
  return new AppError('UNAUTHENTICATED', 'The session was ended: log in again.', {
    reason: 'SESSION_REVOKED',
  });
}

export function listStale(): AppError {
  return new AppError('UPSTREAM_UNAVAILABLE', 'Sessions cannot be checked right now.', {
    reason: 'REVOCATIONS_UNKNOWN',
  });
}
