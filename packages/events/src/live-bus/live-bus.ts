import type { AggregateType, DomainEvent } from '../event.ts';

export type EventListener = (event: DomainEvent) => void;

/**
 * Pushes events to whoever watches their aggregate now. It may lose and repeat: the event log is the truth, and
 * subscribers fill gaps from it by version.
 */
export interface LiveBus {
  publish(event: DomainEvent): Promise<void>;
  /** Listens to one aggregate; resolves once events published from now on will arrive. */
  subscribe(topic: Topic, listener: EventListener): Promise<() => void>;
  /** Called after a connection was lost and is back: events may have been missed. */
  onReconnect(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface Topic {
  readonly aggregateType: AggregateType;
  readonly aggregateId: string;
}

export function topicName({ aggregateType, aggregateId }: Topic): string {
  return `suvidha:${aggregateType}:${aggregateId}`;
}
