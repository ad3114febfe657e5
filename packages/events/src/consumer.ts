import type { SqlClient } from '@suvidha/db';
import type { DomainEvent, EventType } from './event.ts';
import type { EventStore, UnitOfWork } from './event-store.ts';

/** Applies an event of another subgraph. Returns when it is committed, throws when it must come again. */
export type EventConsumer = (event: DomainEvent) => Promise<void>;

/** An event together with the transaction that applies it. */
export interface ConsumedEvent<Tx extends SqlClient, Type extends EventType> extends UnitOfWork<Tx> {
  readonly event: DomainEvent<Type>;
}

/** What to do per event type. A type without a handler is acknowledged and ignored. */
export type EventHandlers<Tx extends SqlClient> = {
  readonly [Type in EventType]?: (consumed: ConsumedEvent<Tx, Type>) => Promise<void>;
};

/**
 * Applies each event exactly once, however often it is delivered: its id is recorded in the transaction that
 * applies it.
 */
export function createEventConsumer<Tx extends SqlClient>(
  store: EventStore<Tx>,
  handlers: EventHandlers<Tx>,
): EventConsumer {
  return async (event) => {
    const handle = handlers[event.type] as ((c: ConsumedEvent<Tx, EventType>) => Promise<void>) | undefined;
    if (!handle) return;
    await store.transact(async (unit) => {
      if (await claim(unit.tx, event.id)) await handle({ ...unit, event });
    });
  };
}

async function claim(tx: SqlClient, eventId: string): Promise<boolean> {
  const inserted = await tx.$executeRaw`insert into consumed_event (event_id) values (${eventId}::uuid)
    on conflict do nothing`;
  return inserted === 1;
}
