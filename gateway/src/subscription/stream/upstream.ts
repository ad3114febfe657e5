import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import { cloneJson, type RequestContext, type SubgraphResponse } from '../../engine/index.ts';
import type { SubgraphConnection, SubgraphEvents } from '../../subgraph/subgraph-connection.ts';
import type { PrimaryRequest } from './primary.request.ts';
import type { Receiver } from './receiver.ts';
import { Rendition, type RenditionOwner, type View } from './rendition.ts';
import { toStreamErrors } from './stream.errors.ts';

export interface UpstreamOptions {
  /** Equal for those that bring the same once they have begun. */
  readonly key: string;
  readonly request: PrimaryRequest;
  /** Where to begin. Undefined: at the current state, or with the next event. */
  readonly after: string | undefined;
  readonly connection: SubgraphConnection;
  /** For whom it is asked. */
  readonly context: RequestContext;
  /** How long a status stream that was lost is tried for again, in milliseconds. Default 60 000. */
  readonly resumeTimeoutMs: number | undefined;
}

/** Where those who might join it look for an upstream. */
export interface UpstreamOwner {
  /** Called once, when nobody is left or the stream is over. */
  delete(upstream: Upstream): void;
}

/** How long a status stream that cannot even begin is tried for, in milliseconds: a subgraph may just be restarting. */
const beginTimeoutMs = 5_000;
/** Between attempts, in milliseconds: doubled each time, with a random part against stampedes. */
const firstRetryMs = 50;
const lastRetryMs = 2_000;
/** A stream that held this long was not part of the last loss. */
const healthyMs = 5_000;

/**
 * One subscription in a subgraph, for all who may share it. A status stream that is lost is resumed after the last
 * cursor seen: its subscribers notice a delay, and miss nothing.
 */
export class Upstream implements RenditionOwner {
  readonly #owner: UpstreamOwner;
  readonly #options: UpstreamOptions;
  readonly #renditions = new Map<string, Rendition>();
  #source: SubgraphEvents | undefined;
  #cursor: string | undefined;
  /** The last event of a status stream. */
  #state: SubgraphResponse | undefined;
  #hasBegun = false;
  #isOver = false;

  constructor(owner: UpstreamOwner, options: UpstreamOptions) {
    this.#owner = owner;
    this.#options = options;
    this.#cursor = options.after;
  }

  get key(): string {
    return this.#options.key;
  }

  get request(): PrimaryRequest {
    return this.#options.request;
  }

  /** Whether it is a status stream, which goes on after any of its events. */
  get isResumable(): boolean {
    return this.request.field.cursorType !== undefined;
  }

  /** The cursor of the last event, or the one it began after. Undefined: there is none to resume from. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Whether somebody who wants to begin after a cursor misses nothing here, and gets nothing twice. */
  isJoinable(after: string | undefined): boolean {
    if (!this.isResumable || after === this.#cursor) return true;
    return after === undefined && this.#state !== undefined;
  }

  /** Adds a receiver to those who see the same. */
  join(receiver: Receiver, after: string | undefined, view: View): Rendition {
    const rendition = this.#renditions.get(view.key) ?? new Rendition(this, view);
    this.#renditions.set(view.key, rendition);
    const state = after === undefined ? this.#state : undefined;
    rendition.add(receiver, state && copyOf(state));
    return rendition;
  }

  /** Nobody is left who sees the stream in that way. */
  drop(rendition: Rendition): void {
    if (this.#renditions.get(rendition.key) === rendition) this.#renditions.delete(rendition.key);
    if (this.#renditions.size === 0) this.#leave();
  }

  /** Subscribes. Call it once, when the first has joined. */
  async start(): Promise<void> {
    let retryMs = firstRetryMs;
    let lostAt: number | undefined;
    while (!this.#isOver) {
      const openedAt = Date.now();
      if (await this.#read()) return;
      if (lostAt === undefined || Date.now() - openedAt > healthyMs) {
        lostAt = Date.now();
        retryMs = firstRetryMs;
      }
      if (!this.#mayRetry(lostAt)) return this.#finish(toStreamErrors('INTERRUPTED'));
      await delay(retryMs * (0.5 + Math.random()), undefined, { ref: false });
      retryMs = Math.min(2 * retryMs, lastRetryMs);
    }
  }

  #mayRetry(lostAt: number): boolean {
    const { resumeTimeoutMs = 60_000 } = this.#options;
    return this.isResumable && Date.now() - lostAt < (this.#hasBegun ? resumeTimeoutMs : beginTimeoutMs);
  }

  /** @returns whether the stream is over; false when it was lost. */
  async #read(): Promise<boolean> {
    try {
      const { request, connection, context } = this.#options;
      const source = await connection.subscribe(request.beginningAfter(this.#cursor), context);
      if (!(Symbol.asyncIterator in source)) {
        this.#deliver(source);
        this.#finish();
        return true;
      }
      this.#source = source;
      if (this.#isOver) await source.return?.();
      for (let event = await source.next(); !event.done; event = await source.next()) {
        if (this.#hasBegun && this.isResumable && isInterruption(event.value)) {
          await source.return?.();
          return this.#isOver;
        }
        this.#deliver(event.value);
      }
      this.#finish();
      return true;
    } catch {
      return this.#isOver;
    }
  }

  #deliver(event: SubgraphResponse): void {
    this.#hasBegun ||= Boolean(event.data);
    if (this.isResumable) {
      this.#cursor = this.request.cursorOf(event) ?? this.#cursor;
      if (event.data) this.#state = copyOf(event);
    }
    // Each changes what it gets, at once: so only the last gets the event itself.
    let left = this.#renditions.size;
    for (const rendition of this.#renditions.values()) {
      left -= 1;
      rendition.push(left > 0 ? copyOf(event) : event);
    }
  }

  #finish(errors?: readonly GraphQLFormattedError[]): void {
    const renditions = [...this.#renditions.values()];
    this.#renditions.clear();
    this.#leave();
    for (const rendition of renditions) rendition.finish(errors);
  }

  /** Ends the subscription in the subgraph at once, also when nothing comes from there. */
  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.delete(this);
    // What it has to say about its end does not matter any more.
    this.#source?.return?.().catch(() => undefined);
  }
}

/** Codes of what a subgraph could not help, so that its log has what is missing; some subgraphs have no codes. */
const faults = new Set([undefined, 'INTERNAL_SERVER_ERROR', 'UPSTREAM_UNAVAILABLE']);

/** Whether an event only says that there are no more: the subgraph broke, or gave up on us as too slow. */
function isInterruption({ data, errors }: SubgraphResponse): boolean {
  const [error] = errors ?? [];
  const { code, reason } = error?.extensions ?? {};
  return (
    !data && error !== undefined && (faults.has(code as string | undefined) || reason === 'SUBSCRIBER_LAGGED')
  );
}

function copyOf(event: SubgraphResponse): SubgraphResponse {
  return { ...event, data: cloneJson(event.data ?? null) };
}
