import { raw, type SqlClient } from '@suvidha/db';
import type { DomainEvent } from '../event.ts';
import type { Topic } from '../live-bus/live-bus.ts';

interface Row {
  id: string;
  type: DomainEvent['type'];
  schema_version: 1;
  aggregate_type: DomainEvent['aggregateType'];
  aggregate_id: string;
  version: number;
  payload: DomainEvent['payload'];
  occurred_at: Date;
}

/** Named one by one: a kept plan does not survive that `*` becomes more, as a migration of a newer release may make it. */
const columns = raw('id, type, schema_version, aggregate_type, aggregate_id, version, payload, occurred_at');

/** Events of one aggregate after a version, in order. Walks the unique index on (type, id, version). */
export async function readEventsAfter(
  sql: SqlClient,
  { aggregateType, aggregateId }: Topic,
  after: number,
  limit: number,
): Promise<DomainEvent[]> {
  const rows = await sql.$queryRaw<Row[]>`select ${columns} from event_log
    where aggregate_type = ${aggregateType} and aggregate_id = ${aggregateId}::uuid and version > ${after}::int
    order by version limit ${limit}::int`;
  return rows.map(toEvent);
}

/** The newest events of one aggregate, oldest first. */
export async function readTimeline(sql: SqlClient, topic: Topic, limit: number): Promise<DomainEvent[]> {
  const rows = await sql.$queryRaw<Row[]>`select ${columns} from event_log
    where aggregate_type = ${topic.aggregateType} and aggregate_id = ${topic.aggregateId}::uuid
    order by version desc limit ${limit}::int`;
  return rows.map(toEvent).reverse();
}

/** The newest version of each of the aggregates that has one. */
export async function readVersions(
  sql: SqlClient,
  aggregateType: Topic['aggregateType'],
  aggregateIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await sql.$queryRaw<{ id: string; version: number }[]>`
    select aggregate_id as id, max(version) as version from event_log
    where aggregate_type = ${aggregateType} and aggregate_id = any(${aggregateIds}::uuid[])
    group by aggregate_id`;
  return new Map(rows.map(({ id, version }) => [id, version]));
}

function toEvent(row: Row): DomainEvent {
  return {
    id: row.id,
    type: row.type,
    schemaVersion: row.schema_version,
    aggregateType: row.aggregate_type,
    aggregateId: row.aggregate_id,
    version: row.version,
    payload: row.payload,
    occurredAt: row.occurred_at.toISOString(),
  };
}
