import type { GraphQLFormattedError } from 'graphql';
import type { EngineSubscription, RequestContext, SubgraphResponse } from '../../engine/index.ts';
import type { Receiver, ResponseBytes } from './receiver.ts';
import { toStreamErrors } from './stream.errors.ts';

export interface RenditionOptions {
  readonly plan: EngineSubscription;
  /** Whether events are states of something, so that the newest is as good as all of them to whoever is too slow. */
  readonly isState: boolean;
  /** The cursor of an event; undefined when it has none. */
  cursorOf(event: SubgraphResponse): string | undefined;
  /** What an event is completed with; waits until the identity may be trusted, and rejects when it may not. */
  prepareContext(): RequestContext | Promise<RequestContext>;
  /** What clients are told of a fault of ours. */
  toSafe(error: unknown): GraphQLFormattedError;
  /** Called when nobody is left. */
  onEmpty(): void;
}

/** One event to complete, and for whom. */
interface Task {
  /** Undefined: the newcomers have seen all there was, and only wait for their turn. */
  readonly event: SubgraphResponse | undefined;
  /** Who joined late and gets it as their first message. */
  readonly newcomers: readonly Receiver[];
  /** Whether it is new to those who were there before. */
  readonly isNew: boolean;
}

/** How the stream is over. */
interface End {
  readonly errors: readonly GraphQLFormattedError[] | undefined;
}

/** Events that may wait while earlier ones are completed. */
const maxWaiting = 100;

/**
 * What the subscribers of one upstream see who have asked the same and may see the same: each event is completed and
 * serialised once for all of them, in order.
 */
export class Rendition {
  readonly #options: RenditionOptions;
  readonly #receivers = new Set<Receiver>();
  /** Who has joined and not yet got the state to begin with. */
  readonly #newcomers = new Set<Receiver>();
  readonly #left = new AbortController();
  #tasks: Task[] = [];
  #end: End | undefined;
  #isWorking = false;

  constructor(options: RenditionOptions) {
    this.#options = options;
  }

  /** @param state the last event, which the receiver gets first; undefined: it gets what comes from now on. */
  add(receiver: Receiver, state: SubgraphResponse | undefined): void {
    this.#newcomers.add(receiver);
    const last = this.#tasks.at(-1);
    const joins =
      last && !last.isNew && Boolean(last.event) === Boolean(state) ? this.#tasks.pop() : undefined;
    this.#tasks.push({ event: state, newcomers: [...(joins?.newcomers ?? []), receiver], isNew: false });
    void this.#work();
  }

  remove(receiver: Receiver): void {
    this.#receivers.delete(receiver);
    this.#newcomers.delete(receiver);
    if (this.#receivers.size + this.#newcomers.size > 0) return;
    this.#tasks = [];
    this.#left.abort();
    this.#options.onEmpty();
  }

  /** Takes an event, which becomes ours to change. */
  push(event: SubgraphResponse): void {
    if (this.#end) return;
    if (this.#tasks.length < maxWaiting) this.#tasks.push({ event, newcomers: [], isNew: true });
    else if (this.#options.isState) this.#tasks = [{ event, newcomers: [...this.#newcomers], isNew: true }];
    else this.finish(toStreamErrors('LAGGED'));
    void this.#work();
  }

  /** Ends the stream after what waits: with errors, or as complete. */
  finish(errors?: readonly GraphQLFormattedError[]): void {
    this.#end ??= { errors };
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) await this.#perform(task);
    } catch (error) {
      this.#end = { errors: [this.#options.toSafe(error)] };
    }
    this.#isWorking = false;
    if (this.#end) this.#tellEnd(this.#end);
  }

  async #perform({ event, newcomers, isNew }: Task): Promise<void> {
    const isWanted = isNew || newcomers.some((receiver) => this.#newcomers.has(receiver));
    if (!isWanted || this.#left.signal.aborted) return;
    const response = event && (await this.#complete(event));
    const settled = newcomers.filter((receiver) => this.#newcomers.delete(receiver));
    const audience = isNew ? [...this.#receivers, ...settled] : settled;
    for (const receiver of settled) this.#receivers.add(receiver);
    if (!response) return;
    for (const receiver of audience) receiver.next(response);
    for (const receiver of audience) receiver.flush();
  }

  async #complete(event: SubgraphResponse): Promise<ResponseBytes> {
    const { plan, isState, cursorOf, prepareContext } = this.#options;
    const cursor = cursorOf(event);
    const context = { ...(await prepareContext()), signal: this.#left.signal };
    return { json: Buffer.from(await plan.executeEvent(event, context)), isState, cursor };
  }

  #tellEnd({ errors }: End): void {
    const audience = [...this.#receivers, ...this.#newcomers];
    this.#receivers.clear();
    this.#newcomers.clear();
    for (const receiver of audience) {
      if (errors) receiver.fail(errors);
      else receiver.complete();
    }
  }
}
