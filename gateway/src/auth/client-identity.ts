import { type Actor, anonymous, type CallIdentity, type ClientInfo } from '@suvidha/auth';
import type { Access, CancelSignal, RequestContext } from '../engine/index.ts';

/** Who a client is, for how long, and what the engine needs to know of it. */
export interface ClientIdentity {
  readonly actor: Actor;
  /** When the access token expires. Undefined: nobody is logged in. */
  readonly expiresAt?: Date;
  /** When the access token was issued. Absent: not known, so older than any revocation. */
  readonly issuedAt?: Date;
  /** Where the client's requests come from. Absent: not known. */
  readonly client?: ClientInfo;
}

export const anonymousClient: ClientIdentity = Object.freeze({ actor: anonymous });

/** How long a query or mutation may take, in milliseconds; then what has not come is null, with an error. */
const requestTimeoutMs = 30_000;

/** What the engine and the subgraph connections are given for one request of this client. */
export function toRequestContext(
  identity: ClientIdentity,
  requestId: string,
  signal?: CancelSignal,
): RequestContext {
  const { actor, client } = identity;
  const forward: CallIdentity = { issuer: 'gateway', actor, requestId, ...(client && { client }) };
  return { identityKey: identityKeyOf(identity.actor), forward, ...(signal && { signal }) };
}

/** The same for an operation that is answered once, and so has a deadline. */
export function withDeadline(context: RequestContext): RequestContext {
  return { ...context, deadlineAt: toDeadline() };
}

/** When an answer that is begun now has to be there. */
export function toDeadline(): number {
  return Date.now() + requestTimeoutMs;
}

/** The identity that {@link toRequestContext} put into a context. */
export function callIdentityOf({ forward }: RequestContext): CallIdentity {
  return forward as CallIdentity;
}

/** What the caller may see, as the directives of the supergraph ask it. */
export function toAccess({ actor }: ClientIdentity): Access {
  return {
    isAuthenticated: actor.kind === 'user',
    scopes: new Set(actor.kind === 'user' ? actor.scopes : []),
    policies: new Set(),
  };
}

/** Two requests share fetches in flight only when subgraphs would answer them alike. */
export function identityKeyOf(actor: Actor): string {
  if (actor.kind !== 'user') return actor.kind;
  return `${actor.userId}:${actor.sessionId}:${actor.clientApp}:${actor.roles.join()}`;
}
