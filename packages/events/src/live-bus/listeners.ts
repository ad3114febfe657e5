import type { DomainEvent } from '../event.ts';
import type { EventListener } from './live-bus.ts';

/** Who listens to which topic in this process. */
export class Listeners {
  readonly #byTopic = new Map<string, Set<EventListener>>();

  /** @returns true when it is the topic's first listener. */
  add(topic: string, listener: EventListener): boolean {
    const known = this.#byTopic.get(topic);
    if (known) {
      known.add(listener);
      return false;
    }
    this.#byTopic.set(topic, new Set([listener]));
    return true;
  }

  /** @returns true when it was the topic's last listener. */
  remove(topic: string, listener: EventListener): boolean {
    const known = this.#byTopic.get(topic);
    known?.delete(listener);
    if (known?.size !== 0) return false;
    return this.#byTopic.delete(topic);
  }

  notify(topic: string, event: DomainEvent): void {
    for (const listener of this.#byTopic.get(topic) ?? []) listener(event);
  }
}
