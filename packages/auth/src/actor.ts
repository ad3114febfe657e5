import { AppError } from '@suvidha/errors';
import type { ClientApp, Role, Scope } from './role.ts';

/** Nobody is logged in. */
export interface AnonymousActor {
  readonly kind: 'anonymous';
}

/** A person, as the access token says. */
export interface UserActor {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId: string;
  readonly clientApp: ClientApp;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
}

/** One of our own processes, acting for itself: event delivery, for example. */
export interface ServiceActor {
  readonly kind: 'service';
  readonly service: string;
}

/** Who asks. */
export type Actor = AnonymousActor | UserActor | ServiceActor;

export const anonymous: AnonymousActor = Object.freeze({ kind: 'anonymous' });

/**
 * The person who asks.
 * @throws AppError UNAUTHENTICATED when nobody is logged in.
 */
export function assertUser(actor: Actor): UserActor {
  if (actor.kind === 'user') return actor;
  throw new AppError('UNAUTHENTICATED', 'Log in to use this field.');
}
