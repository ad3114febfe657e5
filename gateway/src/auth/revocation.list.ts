import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@suvidha/log';
import type { ClientIdentity } from './client-identity.ts';
import { listStale, sessionRevoked, type Trust } from './trust.ts';

/** The end of a session, or of all tokens of a person that were issued before a moment. */
export interface Revocation {
  readonly kind: 'session' | 'user';
  /** Session id or user id. */
  readonly id: string;
  /** For a person: tokens issued before it are void. */
  readonly notBefore: Date;
}

/** What has been revoked lately, as the identity service knows it. */
export interface RevocationSource {
  /**
   * Everything revoked in the last 15 minutes (no access token lives longer), or since an earlier answer.
   * @param since the `cursor` of an earlier answer: waits up to a second for something new.
   */
  read(since: string | undefined, signal: AbortSignal): Promise<RevocationBatch>;
}

export interface RevocationBatch {
  readonly revocations: readonly Revocation[];
  readonly cursor: string;
}

/** An older list may lack what matters: authenticated work is refused. */
const maxAgeMs = 5_000;
/** Longer than any access token lives. */
const keepMs = 16 * 60_000;
const retryMs = 200;

interface Watch {
  readonly identity: ClientIdentity;
  readonly onRevoked: () => void;
}

/** Follows what is revoked. Before the first answer, and when answers stop, nobody who is logged in is trusted. */
export class RevocationList implements Trust {
  readonly #source: RevocationSource;
  readonly #log: Log;
  readonly #closed = new AbortController();
  readonly #sessions = new Map<string, number>();
  readonly #users = new Map<string, { notBefore: number; seenAt: number }>();
  readonly #watches = new Set<Watch>();
  #waiting = Promise.withResolvers<void>();
  #readAt = Number.NEGATIVE_INFINITY;
  #isFollowed = true;

  constructor(source: RevocationSource, log: Log) {
    this.#source = source;
    this.#log = log;
    void this.#follow();
  }

  get isFresh(): boolean {
    return Date.now() - this.#readAt <= maxAgeMs;
  }

  assert(identity: ClientIdentity): void {
    if (identity.actor.kind !== 'user') return;
    if (!this.isFresh) throw listStale();
    if (this.isRevoked(identity)) throw sessionRevoked();
  }

  isRevoked({ actor, issuedAt }: ClientIdentity): boolean {
    if (actor.kind !== 'user') return false;
    if (this.#sessions.has(actor.sessionId)) return true;
    const notBefore = this.#users.get(actor.userId)?.notBefore;
    return notBefore !== undefined && (issuedAt?.getTime() ?? 0) < notBefore;
  }

  untilFresh({ actor }: ClientIdentity): Promise<void> | undefined {
    return actor.kind !== 'user' || this.isFresh ? undefined : this.#waiting.promise;
  }

  onRevoked(identity: ClientIdentity, onRevoked: () => void): () => void {
    const watch = { identity, onRevoked };
    this.#watches.add(watch);
    return () => this.#watches.delete(watch);
  }

  close(): void {
    this.#closed.abort();
  }

  async #follow(): Promise<void> {
    let since: string | undefined;
    while (!this.#closed.signal.aborted) {
      const askedAt = Date.now();
      try {
        const batch = await this.#source.read(since, this.#closed.signal);
        since = batch.cursor;
        this.#apply(batch.revocations, askedAt);
      } catch (error) {
        await this.#waitAfter(error);
      }
    }
  }

  /** The first failure in a row is worth a line. */
  async #waitAfter(error: unknown): Promise<void> {
    if (this.#closed.signal.aborted) return;
    if (this.#isFollowed) this.#log.warn({ error }, 'revocations cannot be read');
    this.#isFollowed = false;
    await delay(retryMs, undefined, { ref: false });
  }

  #apply(revocations: readonly Revocation[], readAt: number): void {
    this.#readAt = readAt;
    this.#isFollowed = true;
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers();
    if (revocations.filter((revocation) => this.#learn(revocation)).length === 0) return;
    this.#forgetOld();
    for (const watch of [...this.#watches])
      if (this.isRevoked(watch.identity) && this.#watches.delete(watch)) watch.onRevoked();
  }

  /** @returns whether it is news. */
  #learn({ kind, id, notBefore }: Revocation): boolean {
    if (kind === 'session') {
      if (this.#sessions.has(id)) return false;
      this.#sessions.set(id, Date.now());
      return true;
    }
    if ((this.#users.get(id)?.notBefore ?? 0) >= notBefore.getTime()) return false;
    this.#users.set(id, { notBefore: notBefore.getTime(), seenAt: Date.now() });
    return true;
  }

  #forgetOld(): void {
    const oldest = Date.now() - keepMs;
    for (const [id, seenAt] of this.#sessions) if (seenAt < oldest) this.#sessions.delete(id);
    for (const [id, { seenAt }] of this.#users) if (seenAt < oldest) this.#users.delete(id);
  }
}
