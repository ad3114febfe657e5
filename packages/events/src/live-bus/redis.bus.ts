import type { Log } from '@suvidha/log';
import { Redis } from 'ioredis';
import { parseEvent } from '../event.ts';
import { Listeners } from './listeners.ts';
import { type LiveBus, topicName } from './live-bus.ts';

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
  subscriber.on('message', (topic: string, text: string) =>
    listeners.notify(topic, parseEvent(JSON.parse(text))),
  );
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
  if (subscriber.status === 'ready') await confirmed;
}
