import type { SqlClient } from '@suvidha/db';
import { AppError } from '@suvidha/errors';
import type { DomainEvent, EventType } from '../event.ts';
import type { Topic } from '../live-bus/live-bus.ts';
import { cursorInvalid } from './cursor.ts';
import { readEventsAfter, readTimeline } from './event-log.queries.ts';
import { EventQueue } from './event-queue.ts';

/** Missed events are replayed up to this many, or this far back. */
const replayLimit = 1_000;
const replayAgeMs = 30 * 24 * 60 * 60 * 1000;
/** What may wait for a reader: a whole replay, and live events that come while it is read. */
const queueCapacity = replayLimit + 100;
/** How far back the newest status is looked for among an aggregate's events. */
const statusLookback = 20;

export interface StatusSubscriptionOptions {
  readonly sql: SqlClient;
  readonly topic: Topic;
  /** The aggregate's events of this type are its status. */
  readonly statusEvent: EventType;
  readonly onEnd: () => void;
}

/**
 * One subscriber's ordered, gapless view of one aggregate. It reads the log, takes live events, drops what it has
 * seen, and fills what is missing between by version.
 */
export class StatusSubscription {
  readonly queue: EventQueue<DomainEvent>;
  readonly #options: StatusSubscriptionOptions;
  /** Version up to which everything was delivered; undefined until the log was read. */
  #seen: number | undefined;
  /** The newest version that was heard of before the log was read. */
  #heard = 0;
  /** Log reads run one after the other. */
  #filling: Promise<void> = Promise.resolve();

  constructor(options: StatusSubscriptionOptions) {
    this.#options = options;
    this.queue = new EventQueue({ capacity: queueCapacity, onEnd: options.onEnd });
  }

  /** Delivers the current state, or everything after a cursor. Live events must already be arriving. */
  async start(after: number | undefined): Promise<void> {
    if (after === undefined) await this.#deliverCurrent();
    else await this.#replay(after);
    this.onVersion(this.#heard);
  }

  onLive(event: DomainEvent): void {
    if (this.#seen === undefined) this.#heard = Math.max(this.#heard, event.version);
    else if (event.version === this.#seen + 1) this.#deliver(event);
    else this.onVersion(event.version);
  }

  /** Called when a version is known to be there, as by the periodic check. */
  onVersion(version: number): void {
    if (this.#seen !== undefined && version > this.#seen) this.#catchUp();
  }

  /** Reads what the log has beyond what was delivered. */
  #catchUp(): void {
    this.#filling = this.#filling.then(() => this.#fill()).catch((error: unknown) => this.queue.fail(error));
  }

  async #fill(): Promise<void> {
    if (this.#seen === undefined) return;
    const { sql, topic } = this.#options;
    const events = await readEventsAfter(sql, topic, this.#seen, replayLimit);
    for (const event of events) if (event.version > this.#seen) this.#deliver(event);
  }

  async #deliverCurrent(): Promise<void> {
    const { sql, topic, statusEvent } = this.#options;
    const events = await readTimeline(sql, topic, statusLookback);
    const current = events.findLast(({ type }) => type === statusEvent);
    if (current) this.queue.push(current);
    this.#seen = events.at(-1)?.version ?? 0;
  }

  async #replay(after: number): Promise<void> {
    const { sql, topic } = this.#options;
    const missed = await readEventsAfter(sql, topic, after, replayLimit + 1);
    const [oldest] = missed;
    if (!oldest && after > (await this.#newestVersion())) throw cursorInvalid();
    const isTooOld = oldest !== undefined && Date.parse(oldest.occurredAt) < Date.now() - replayAgeMs;
    if (missed.length > replayLimit || isTooOld) throw cursorExpired();
    this.#seen = after;
    for (const event of missed) this.#deliver(event);
  }

  async #newestVersion(): Promise<number> {
    const { sql, topic } = this.#options;
    const [newest] = await readTimeline(sql, topic, 1);
    return newest?.version ?? 0;
  }

  #deliver(event: DomainEvent): void {
    this.#seen = event.version;
    if (event.type === this.#options.statusEvent && !this.queue.push(event)) this.queue.fail(lagged());
  }
}

function cursorExpired(): AppError {
  return new AppError('FAILED_PRECONDITION', 'The cursor is too old: subscribe without it.', {
    reason: 'CURSOR_EXPIRED',
    field: ['after'],
  });
}

function lagged(): AppError {
  return new AppError(
    'FAILED_PRECONDITION',
    'Events came faster than they were read: resume from your last cursor.',
    {
      reason: 'SUBSCRIBER_LAGGED',
    },
  );
}
