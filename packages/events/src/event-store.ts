import { type SqlClient, type TransactionHost, transaction, uuidv7 } from '@suvidha/db';
import { addJob } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import { deliverEventTask } from './delivery.ts';
import type { AggregateType, DomainEvent, EventPayload, EventType } from './event.ts';
import type { LiveBus } from './live-bus/live-bus.ts';
import { consumersOf } from './routes.ts';

export interface NewEvent<Type extends EventType = EventType> {
  readonly type: Type;
  readonly aggregateType: AggregateType;
  readonly aggregateId: string;
  readonly payload: EventPayload<Type>;
}

/** One database transaction and the events that become true with it. */
export interface UnitOfWork<Tx extends SqlClient> {
  readonly tx: Tx;
  /**
   * Adds an event to the aggregate's log, and a delivery job for each subgraph that must learn of it. The caller
   * has locked the aggregate's row (or just made it): that is what makes versions count up without gaps.
   */
  append<Type extends EventType>(event: NewEvent<Type>): Promise<void>;
}

export interface EventStore<Tx extends SqlClient> {
  /**
   * Runs `work` in a transaction. When it has committed, its events go to the live bus; when it has not, nothing
   * happened. `work` may run several times (serialization conflicts) and must not touch anything but `tx`.
   */
  transact<T>(work: (unit: UnitOfWork<Tx>) => Promise<T>): Promise<T>;
}

/** Version of the payload shapes in `payloads.ts`. */
const schemaVersion = 1;

export function createEventStore<Tx extends SqlClient>(options: {
  readonly db: TransactionHost<Tx>;
  readonly bus: LiveBus;
  readonly log: Log;
}): EventStore<Tx> {
  return {
    async transact(work) {
      const { result, events } = await transaction(options.db, async (tx) => {
        const appended: DomainEvent[] = [];
        const unit: UnitOfWork<Tx> = {
          tx,
          append: async (event) => {
            appended.push(await append(tx, event));
          },
        };
        return { result: await work(unit), events: appended };
      });
      for (const event of events) publish(options.bus, event, options.log);
      return result;
    },
  };
}

async function append(tx: SqlClient, event: NewEvent): Promise<DomainEvent> {
  const id = uuidv7();
  const occurredAt = new Date().toISOString();
  const { type, aggregateType, aggregateId, payload } = event;
  const [row] = await tx.$queryRaw<{ version: number }[]>`insert into event_log
    (id, aggregate_type, aggregate_id, version, type, schema_version, payload, occurred_at)
    select ${id}::uuid, ${aggregateType}, ${aggregateId}::uuid, coalesce(max(version), 0) + 1,
      ${type}, ${schemaVersion}::int, ${JSON.stringify(payload)}::jsonb, ${occurredAt}::timestamptz
    from event_log where aggregate_type = ${aggregateType} and aggregate_id = ${aggregateId}::uuid
    returning version`;
  if (!row) throw new Error('the event log did not answer a version');
  const stored: DomainEvent = { id, schemaVersion, occurredAt, version: row.version, ...event };
  for (const consumer of consumersOf(stored)) await addJob(tx, deliverEventTask, { consumer, event: stored });
  return stored;
}

/** What the bus loses, subscribers find in the log: a failure here is worth a line, not an error. */
function publish(bus: LiveBus, event: DomainEvent, log: Log): void {
  bus
    .publish(event)
    .catch((error: unknown) => log.warn({ error, eventId: event.id }, 'live event not published'));
}
