export {
  type ConsumedEvent,
  createEventConsumer,
  type EventConsumer,
  type EventHandlers,
} from './consumer.ts';
export { createDeliveryHandlers, createHttpTransport, type EventTransport } from './delivery.ts';
export {
  type AggregateType,
  type DomainEvent,
  type EventPayload,
  type EventType,
  parseEvent,
} from './event.ts';
export { createEventStore, type EventStore, type NewEvent, type UnitOfWork } from './event-store.ts';
export { createInProcessBus } from './live-bus/in-process.bus.ts';
export type { LiveBus } from './live-bus/live-bus.ts';
export { createRedisBus } from './live-bus/redis.bus.ts';
export { findPayingUser } from './payer.ts';
export { createPrivacyHandlers, type PersonalData } from './privacy/personal-data.ts';
export { toPieces } from './privacy/pieces.ts';
export { personalDataHolders } from './routes.ts';
export { toCursor } from './status/cursor.ts';
export { readTimeline } from './status/event-log.queries.ts';
export {
  createStatusStreams,
  type StatusStreams,
  type StatusStreamsOptions,
} from './status/status-streams.ts';
