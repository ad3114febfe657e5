import { Listeners } from './listeners.ts';
import { type LiveBus, topicName } from './live-bus.ts';

/** The bus of the one-process topology: it never disconnects. */
export function createInProcessBus(): LiveBus {
  const listeners = new Listeners();
  return {
    publish: async (event) => listeners.notify(topicName(event), event),
    subscribe: async (topic, listener) => {
      const name = topicName(topic);
      listeners.add(name, listener);
      return () => {
        listeners.remove(name, listener);
      };
    },
    onReconnect: () => () => undefined,
    close: async () => undefined,
  };
}
