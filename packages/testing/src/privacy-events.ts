import { uuidv7 } from '@suvidha/db';
import type { DomainEvent, EventPayload, EventType } from '@suvidha/events';
import type { Pool } from 'pg';

/** Events by which identity and the other subgraphs talk about a person's data. */
type PrivacyEvent =
  | 'user.export_requested'
  | 'user.erasure_requested'
  | 'export.part_ready'
  | 'erasure.completed';

/** What identity asks of a subgraph about a person, and what the subgraph's event log says in answer. */
export interface PrivacyRequests {
  /** Takes the person's place in what is kept after an erasure. */
  readonly pseudonym: string;
  /** A request for the person's data; each is an event of its own. */
  export(exportId: string): DomainEvent;
  /** A request to forget the person; each is an event of its own. */
  erasure(): DomainEvent;
  /** Payloads of the answers so far, oldest first. */
  answers<Type extends EventType>(type: Type): Promise<EventPayload<Type>[]>;
}

export function createPrivacyRequests(pool: Pool, userId: string): PrivacyRequests {
  const pseudonym = uuidv7();
  return {
    pseudonym,
    export: (exportId) => toPrivacyEvent('user.export_requested', { userId, exportId }),
    erasure: () => toPrivacyEvent('user.erasure_requested', { userId, erasureId: pseudonym, pseudonym }),
    answers: (type) => readUserEvents(pool, userId, type),
  };
}

/** An event as another subgraph sends it. */
export function toPrivacyEvent<Type extends PrivacyEvent>(
  type: Type,
  payload: EventPayload<Type>,
): DomainEvent {
  return {
    id: uuidv7(),
    type,
    schemaVersion: 1,
    aggregateType: 'user',
    aggregateId: payload.userId,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload,
  };
}

/** Payloads of a person's events in a subgraph's log, oldest first. */
export async function readUserEvents<Type extends EventType>(
  pool: Pool,
  userId: string,
  type: Type,
): Promise<EventPayload<Type>[]> {
  const text = 'select payload from event_log where aggregate_id = $1 and type = $2 order by version';
  return (await pool.query(text, [userId, type])).rows.map(({ payload }) => payload);
}
