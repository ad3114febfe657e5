import type { SqlClient } from '@suvidha/db';
import type { Log } from '@suvidha/log';
import type { AggregateType, DomainEvent, EventType } from '../event.ts';
import type { LiveBus } from '../live-bus/live-bus.ts';
import { parseCursor } from './cursor.ts';
import { readVersions } from './event-log.queries.ts';
import { StatusSubscription } from './status-subscription.ts';

export interface StatusStreams {
  /**
   * Status events of one aggregate: without `after` first the current state, with it first what came since; then
   * every change, in order, none missing, none twice.
   * @throws AppError BAD_USER_INPUT for a cursor that is none, FAILED_PRECONDITION (`CURSOR_EXPIRED`) for one too old.
   */
  open(aggregateId: string, after: string | undefined): Promise<AsyncIterableIterator<DomainEvent>>;
  /** Ends the periodic check. Open streams end when their readers leave. */
  close(): void;
}

export interface StatusStreamsOptions {
  readonly aggregateType: AggregateType;
  /** The event type that carries the aggregate's status. */
  readonly statusEvent: EventType;
  readonly sql: SqlClient;
  readonly bus: LiveBus;
  readonly log: Log;
  /** How often the log is asked for versions the bus may have lost. Default 5 000. */
  readonly checkIntervalMs?: number;
}

export function createStatusStreams({
  aggregateType,
  statusEvent,
  sql,
  bus,
  log,
  checkIntervalMs = 5_000,
}: StatusStreamsOptions): StatusStreams {
  const open = new Map<StatusSubscription, string>();
  const check = () =>
    checkVersions(sql, aggregateType, open).catch((error: unknown) =>
      log.warn({ error }, 'could not check for missed events'),
    );
  const timer = setInterval(check, checkIntervalMs);
  const stopListening = bus.onReconnect(check);
  return {
    async open(aggregateId, after) {
      const version = after === undefined ? undefined : parseCursor(after);
      const topic = { aggregateType, aggregateId };
      let detach: () => void = () => undefined;
      const subscription = new StatusSubscription({
        sql,
        topic,
        statusEvent,
        onEnd: () => {
          detach();
          open.delete(subscription);
        },
      });
      detach = await bus.subscribe(topic, (event) => subscription.onLive(event));
      open.set(subscription, aggregateId);
      await start(subscription, version);
      return subscription.queue;
    },
    close: () => {
      clearInterval(timer);
      stopListening();
    },
  };
}

async function start(subscription: StatusSubscription, after: number | undefined): Promise<void> {
  try {
    await subscription.start(after);
  } catch (error) {
    await subscription.queue.return();
    throw error;
  }
}

/** One query for all open subscriptions of this process. */
async function checkVersions(
  sql: SqlClient,
  aggregateType: AggregateType,
  open: ReadonlyMap<StatusSubscription, string>,
): Promise<void> {
  if (open.size === 0) return;
  const versions = await readVersions(sql, aggregateType, [...new Set(open.values())]);
  for (const [subscription, aggregateId] of open) {
    const version = versions.get(aggregateId);
    if (version !== undefined) subscription.onVersion(version);
  }
}
