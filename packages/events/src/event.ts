import { z } from 'zod';
import { eventPayloads } from './payloads.ts';

const aggregateType = z.enum(['bill', 'payment', 'receipt', 'refund', 'user']);

/** What events happen to. Each aggregate counts its own versions. */
export type AggregateType = z.output<typeof aggregateType>;

export type EventType = keyof typeof eventPayloads;

export type EventPayload<Type extends EventType> = z.output<(typeof eventPayloads)[Type]>;

/** Something that happened to one aggregate, as it stands in the log of the subgraph that owns it. */
export interface DomainEvent<Type extends EventType = EventType> {
  /** UUIDv7. A consumer that has seen it does nothing. */
  readonly id: string;
  readonly type: Type;
  /** Version of the payload's shape. A breaking change gets a new number. */
  readonly schemaVersion: 1;
  readonly aggregateType: AggregateType;
  readonly aggregateId: string;
  /** Counts up by one per aggregate: the order of events, whatever order they arrive in. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  readonly payload: EventPayload<Type>;
}

const envelope = z.object({
  id: z.uuid(),
  type: z.enum(Object.keys(eventPayloads) as [EventType, ...EventType[]]),
  schemaVersion: z.literal(1),
  aggregateType,
  aggregateId: z.uuid(),
  version: z.number().int().positive(),
  occurredAt: z.iso.datetime(),
  payload: z.unknown(),
});

/**
 * Reads an event that came over a wire.
 * @throws ZodError when it has not the shape its type promises.
 */
export function parseEvent(raw: unknown): DomainEvent {
  const event = envelope.parse(raw);
  return { ...event, payload: eventPayloads[event.type].parse(event.payload) } as DomainEvent;
}
