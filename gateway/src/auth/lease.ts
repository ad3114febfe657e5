import type { ClientIdentity } from './client-identity.ts';
import type { Trust } from './trust.ts';

/** Why somebody who was admitted is not any more. */
export type LeaseEnd = 'TOKEN_EXPIRED' | 'SESSION_REVOKED';

/** A timer cannot wait longer. */
const maxDelayMs = 2 ** 31 - 1;

/** How long a connection may go on under the identity it was opened with. */
export class Lease {
  readonly #trust: Trust;
  readonly #onEnd: (why: LeaseEnd) => void;
  #identity: ClientIdentity;
  #timer: NodeJS.Timeout | undefined;
  #stopWatching: () => void = () => undefined;

  /** @param onEnd called once, when the token has expired or the session was revoked. */
  constructor(identity: ClientIdentity, trust: Trust, onEnd: (why: LeaseEnd) => void) {
    this.#identity = identity;
    this.#trust = trust;
    this.#onEnd = onEnd;
    this.#begin();
  }

  get identity(): ClientIdentity {
    return this.#identity;
  }

  /** Goes on under a newer token of the same person. @returns false when it is another person's. */
  renew(identity: ClientIdentity): boolean {
    if (!isSamePerson(this.#identity, identity)) return false;
    this.end();
    this.#identity = identity;
    this.#begin();
    return true;
  }

  /** The connection is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#stopWatching();
  }

  #begin(): void {
    if (this.#identity.actor.kind === 'anonymous') return;
    this.#stopWatching = this.#trust.onRevoked(this.#identity, () => this.#finish('SESSION_REVOKED'));
    // It may have been revoked since it was identified.
    if (this.#trust.isRevoked(this.#identity)) this.#finish('SESSION_REVOKED');
    else this.#waitForExpiry();
  }

  #waitForExpiry(): void {
    const { expiresAt } = this.#identity;
    if (!expiresAt) return;
    const leftMs = expiresAt.getTime() - Date.now();
    if (leftMs <= 0) this.#finish('TOKEN_EXPIRED');
    else this.#timer = setTimeout(() => this.#waitForExpiry(), Math.min(leftMs, maxDelayMs)).unref();
  }

  #finish(why: LeaseEnd): void {
    this.end();
    this.#onEnd(why);
  }
}

/** Who is logged in stays who they are; who is not may log in. */
function isSamePerson({ actor: before }: ClientIdentity, { actor: after }: ClientIdentity): boolean {
  if (after.kind !== 'user') return false;
  return before.kind === 'anonymous' || (before.kind === 'user' && before.userId === after.userId);
}
