import { uuidv7 } from '@suvidha/db';
import type { DomainEvent, EventPayload, EventType } from '@suvidha/events';
import type { Pool } from 'pg';

type PrivacyRequest = 'user.export_requested' | 'user.erasure_requested';

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
    export: (exportId) => toRequest('user.export_requested', userId, { userId, exportId }),
    erasure: () => toRequest('user.erasure_requested', userId, { userId, erasureId: pseudonym, pseudonym }),
    answers: async (type) => {
      const text = 'select payload from event_log where aggregate_id = $1 and type = $2 order by version';
      return (await pool.query(text, [userId, type])).rows.map(({ payload }) => payload);
    },
  };
}

function toRequest<Type extends PrivacyRequest>(
  type: Type,
  userId: string,
  payload: EventPayload<Type>,
): DomainEvent {
  return {
    id: uuidv7(),
    type,
    schemaVersion: 1,
    aggregateType: 'user',
    aggregateId: userId,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload,
  };
}
