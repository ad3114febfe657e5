import type { EventPayload, LiveBus } from '@suvidha/events';
import type { Db } from '../db.ts';

/** The end of a session, or of all access tokens of a person that were issued before a moment. */
export interface Revoked {
  readonly kind: 'session' | 'user';
  /** Session id or user id. */
  readonly id: string;
  /** For a person: tokens that were issued before it are void. ISO 8601. */
  readonly notBefore: string;
}

export interface RevokedBatch {
  readonly revocations: readonly Revoked[];
  /** Hand it back to be told what comes after. */
  readonly cursor: string;
}

/** No access token lives longer. */
const keepMs = 16 * 60_000;
/** What was begun this long before an answer may have been committed after it. */
const overlapMs = 30_000;
/** How long somebody who knows everything waits for news before the log is read again. */
const waitMs = 1_000;

type Row = { readonly payload: EventPayload<'session.revoked'>; readonly occurred_at: Date };

/** Tells gateways what was revoked lately: at once when it happened here, within a second when in another replica. */
export class RevocationFeed {
  readonly #db: Db;
  readonly #waiting = new Set<() => void>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** The bus that events go to, with an ear for revocations. */
  listenTo(bus: LiveBus): LiveBus {
    return {
      ...bus,
      publish: (event) => {
        if (event.type === 'session.revoked') this.#wake();
        return bus.publish(event);
      },
    };
  }

  /** @param since the cursor of an earlier answer; absent: everything that may still matter, without waiting. */
  async read(since: string | undefined): Promise<RevokedBatch> {
    if (since !== undefined) await this.#untilNews();
    const now = Date.now();
    const from = Math.max(now - keepMs, since === undefined ? 0 : Number(since) - overlapMs);
    const rows = await this.#db.$queryRaw<Row[]>`select payload, occurred_at from event_log
      where type = 'session.revoked' and occurred_at >= ${new Date(from)}::timestamptz order by occurred_at`;
    return { revocations: rows.flatMap(toRevoked), cursor: String(now) };
  }

  #untilNews(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs).unref();
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

function toRevoked({ payload: { userId, sessionIds, notBefore }, occurred_at }: Row): Revoked[] {
  const sessions = sessionIds.map((id) => ({
    kind: 'session' as const,
    id,
    notBefore: occurred_at.toISOString(),
  }));
  return notBefore === null ? sessions : [...sessions, { kind: 'user', id: userId, notBefore }];
}
