import type { EngineRequest } from '../engine/index.ts';
import { toStreamErrors } from '../subscription/stream/stream.errors.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { ClientSubscription } from './client-subscription.ts';

/** Supergraphs kept for subscriptions that they do not touch; the oldest is given up when there are more. */
const maxOlder = 3;

/**
 * Brings subscriptions to a new supergraph. What can be resumed moves there and misses nothing. What cannot stays in the
 * old one as long as the new one would run it alike, else it ends. They go one by one within a window, so that neither
 * clients nor subgraphs get all of them at once.
 */
export class SchemaChanges {
  readonly #windowMs: number;
  readonly #older: Generation[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** @param isCurrent whether no later supergraph has come: it brings a change of its own. */
  apply(
    { last, next, isCurrent }: { last: Generation; next: Generation; isCurrent: () => boolean },
    subscriptions: Iterable<ClientSubscription>,
  ): void {
    this.#older.push(last);
    const tooOld = new Set(this.#older.splice(0, Math.max(0, this.#older.length - maxOlder)));
    const plans = new PlanComparison(next);
    for (const subscription of subscriptions)
      this.#later(() => {
        const { generation } = subscription;
        if (!generation || generation === next || !isCurrent()) return;
        const request = subscription.toRequest(next);
        const isUntouched = (same: EngineRequest) =>
          !tooOld.has(generation) && plans.isSame(generation, same);
        if (request && subscription.isResumable) subscription.runIn(next);
        else if (!request || !isUntouched(request)) subscription.fail(toStreamErrors('SCHEMA_RELOADED'));
      });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #later(work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, Math.random() * this.#windowMs).unref();
    this.#timers.add(timer);
  }
}

/** Compares how two supergraphs would run an operation, each operation once. */
class PlanComparison {
  readonly #next: Generation;
  readonly #known = new WeakMap<Generation, Map<string, boolean>>();

  constructor(next: Generation) {
    this.#next = next;
  }

  isSame(generation: Generation, request: EngineRequest): boolean {
    const known = this.#known.get(generation) ?? new Map<string, boolean>();
    this.#known.set(generation, known);
    const { source, operationName, access } = request;
    const key = JSON.stringify([operationName, source, access?.isAuthenticated, [...(access?.scopes ?? [])]]);
    const isSame = known.get(key) ?? describe(generation, request) === describe(this.#next, request);
    known.set(key, isSame);
    return isSame;
  }
}

/** The plan, and where the subgraphs in it are. */
function describe({ engine }: Generation, request: EngineRequest): string {
  const plan = engine.describePlan(request);
  const used = engine.subgraphs.filter(({ name }) => plan.includes(`"${name}"`));
  return `${plan}\n${used.map(({ name, url }) => `${name} ${url}`).join('\n')}`;
}
