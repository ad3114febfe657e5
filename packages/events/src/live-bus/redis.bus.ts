import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@suvidha/log';
import { Redis } from 'ioredis';
import { type DomainEvent, parseEvent } from '../event.ts';
import { Listeners } from './listeners.ts';
import { type LiveBus, topicName } from './live-bus.ts';

/** Longer than a healthy Redis takes, shorter than a subscriber notices. */
const confirmTimeoutMs = 1_000;

/**
 * The bus between processes: Redis Pub/Sub, one connection to publish and one to listen. While Redis is away
 * publishing fails fast and subscribers live on the event log.
 */
export function createRedisBus({ url, log }: { url: string; log: Log }): LiveBus {
  const publisher = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const subscriber = new Redis(url, { autoResubscribe: true, maxRetriesPerRequest: null });
  const listeners = new Listeners();
  const reconnectListeners = new Set<() => void>();
  for (const connection of [publisher, subscriber])
    connection.on('error', (error: unknown) => log.warn({ error }, 'Redis connection failed'));
  subscriber.on('message', (topic: string, text: string) => {
    const event = readEvent(text, log);
    if (event) listeners.notify(topic, event);
  });
  let hasConnected = false;
  subscriber.on('ready', () => {
    if (hasConnected) for (const listener of reconnectListeners) listener();
    hasConnected = true;
  });
  return {
    publish: async (event) => {
      await publisher.publish(topicName(event), JSON.stringify(event));
    },
    subscribe: async (topic, listener) => {
      const name = topicName(topic);
      if (listeners.add(name, listener)) await listen(subscriber, name);
      return () => {
        if (listeners.remove(name, listener)) void subscriber.unsubscribe(name).catch(() => undefined);
      };
    },
    onReconnect: (listener) => {
      reconnectListeners.add(listener);
      return () => reconnectListeners.delete(listener);
    },
    close: async () => {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Waits for Redis to confirm when it is there; when it is not, the client subscribes as soon as it is back. */
async function listen(subscriber: Redis, name: string): Promise<void> {
  const confirmed = subscriber.subscribe(name).catch(() => undefined);
  const isThere = ['connecting', 'connect', 'ready'].includes(subscriber.status);
  if (isThere) await Promise.race([confirmed, delay(confirmTimeoutMs, undefined, { ref: false })]);
}

/** A process of a newer version may send what this one does not know: the event log is the truth, not the bus. */
function readEvent(text: string, log: Log): DomainEvent | null {
  try {
    return parseEvent(JSON.parse(text));
  } catch (error) {
    log.warn({ error }, 'live event not understood');
    return null;
  }
}
