import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import { cloneJson, type SubgraphResponse } from '../../engine/index.ts';
import type { SubgraphEvents } from '../../subgraph/subgraph-connection.ts';
import type { PrimaryRequest } from './primary.request.ts';
import type { Receiver } from './receiver.ts';
import { Rendition, type RenditionOptions } from './rendition.ts';
import { toStreamErrors } from './stream.errors.ts';

/** How those who share a rendition see the stream. */
export type ViewOptions = Omit<RenditionOptions, 'onEmpty' | 'isState' | 'cursorOf'>;

export interface UpstreamOptions {
  readonly request: PrimaryRequest;
  /** Where to begin; undefined: where the request begins. */
  readonly after: string | undefined;
  /** Subscribes in the subgraph. Rejects when it cannot be reached. */
  open(after: string | undefined): Promise<SubgraphEvents | SubgraphResponse>;
  /** Called once, when nobody is left or the stream is over. */
  onEnd(): void;
  /** How long a status stream that was lost is tried for again, in milliseconds. Default 60 000. */
  readonly resumeTimeoutMs?: number | undefined;
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
export class Upstream {
  readonly request: PrimaryRequest;
  readonly #options: UpstreamOptions;
  readonly #renditions = new Map<string, Rendition>();
  #source: SubgraphEvents | undefined;
  #cursor: string | undefined;
  /** The last event of a status stream. */
  #state: SubgraphResponse | undefined;
  #hasBegun = false;
  #isOver = false;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.request = options.request;
    this.#cursor = options.after ?? options.request.after;
  }

  /** The cursor of the last event, or the one it began after. Undefined: there is none to resume from. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Whether somebody who wants to begin after a cursor misses nothing here, and gets nothing twice. */
  isJoinable(after: string | undefined): boolean {
    if (!this.#isResumable || after === this.#cursor) return true;
    return after === undefined && this.#state !== undefined;
  }

  /** Adds a receiver to those who see the same, who are known by `key`. @returns takes it away again. */
  join(receiver: Receiver, after: string | undefined, key: string, options: ViewOptions): () => void {
    const rendition = this.#renditions.get(key) ?? this.#addRendition(key, options);
    const state = after === undefined ? this.#state : undefined;
    rendition.add(receiver, state && copyOf(state));
    return () => rendition.remove(receiver);
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

  get #isResumable(): boolean {
    return this.request.field.cursorType !== undefined;
  }

  #mayRetry(lostAt: number): boolean {
    const { resumeTimeoutMs = 60_000 } = this.#options;
    return this.#isResumable && Date.now() - lostAt < (this.#hasBegun ? resumeTimeoutMs : beginTimeoutMs);
  }

  #addRendition(key: string, options: ViewOptions): Rendition {
    const onEmpty = () => {
      if (this.#renditions.get(key) === rendition) this.#renditions.delete(key);
      if (this.#renditions.size === 0) this.#leave();
    };
    const { cursorOf } = this.request;
    const rendition = new Rendition({ ...options, isState: this.#isResumable, cursorOf, onEmpty });
    this.#renditions.set(key, rendition);
    return rendition;
  }

  /** @returns whether the stream is over; false when it was lost. */
  async #read(): Promise<boolean> {
    try {
      const source = await this.#options.open(this.#cursor);
      if (!(Symbol.asyncIterator in source)) {
        this.#deliver(source);
        this.#finish();
        return true;
      }
      this.#source = source;
      if (this.#isOver) await source.return?.();
      for (let event = await source.next(); !event.done; event = await source.next()) {
        if (this.#hasBegun && this.#isResumable && isInterruption(event.value)) {
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
    if (this.#isResumable) {
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
    this.#options.onEnd();
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
