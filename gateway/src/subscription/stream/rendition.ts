import type { GraphQLFormattedError } from 'graphql';
import type { EngineSubscription, RequestContext, SubgraphResponse } from '../../engine/index.ts';
import type { PrimaryRequest } from './primary.request.ts';
import type { Receiver, ResponseBytes } from './receiver.ts';
import { toStreamErrors } from './stream.errors.ts';

/** For whom events are completed. */
export interface Viewer {
  /** Undefined: the identity may be trusted now. Else resolves when it may; rejects when it may not. */
  untilTrusted(): Promise<void> | undefined;
  /**
   * What events that do not bring everything are completed with.
   * @param signal aborted when nobody is left to get it.
   */
  toContext(signal: AbortSignal): RequestContext;
  /** What clients are told of a fault of ours. */
  toSafe(error: unknown): GraphQLFormattedError;
}

/** How those who share a rendition see the stream. */
export interface View {
  /** Equal for those who see the same. */
  readonly key: string;
  readonly plan: EngineSubscription;
  readonly viewer: Viewer;
  /** Whether everybody sees the same, so that it does not matter who looks. */
  readonly isForAll: boolean;
}

/** The stream that is seen. */
export interface RenditionOwner {
  /** Whether events are states of something, so that the newest is as good as all of them to whoever is too slow. */
  readonly isResumable: boolean;
  readonly request: PrimaryRequest;
  /** Called when nobody is left. */
  drop(rendition: Rendition): void;
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

/** What completes events that bring everything. */
const nothing: RequestContext = { identityKey: '' };

const noNewcomers: readonly Receiver[] = [];

/** Events that may wait while earlier ones are completed. */
const maxWaiting = 100;

/**
 * What the subscribers of one upstream see who have asked the same and may see the same: each event is completed and
 * serialised once for all of them, in order.
 */
export class Rendition {
  readonly #owner: RenditionOwner;
  readonly #view: View;
  readonly #receivers = new Set<Receiver>();
  /** Who has joined and not yet got the state to begin with. */
  readonly #newcomers = new Set<Receiver>();
  #tasks: Task[] = [];
  #end: End | undefined;
  #isWorking = false;
  /** Aborted when nobody is left; made when somebody fetches for us, or leaves last. */
  #left: AbortController | undefined;

  constructor(owner: RenditionOwner, view: View) {
    this.#owner = owner;
    this.#view = view;
  }

  get key(): string {
    return this.#view.key;
  }

  /** @param state the last event, which the receiver gets first; undefined: it gets what comes from now on. */
  add(receiver: Receiver, state: SubgraphResponse | undefined): void {
    this.#newcomers.add(receiver);
    const last = this.#tasks.at(-1);
    const joins =
      last && !last.isNew && Boolean(last.event) === Boolean(state) ? this.#tasks.pop() : undefined;
    this.#tasks.push({ event: state, newcomers: [...(joins?.newcomers ?? []), receiver], isNew: false });
    // Not before whoever adds it has taken note.
    queueMicrotask(() => this.#work());
  }

  remove(receiver: Receiver): void {
    this.#receivers.delete(receiver);
    this.#newcomers.delete(receiver);
    if (this.#receivers.size + this.#newcomers.size > 0) return;
    this.#tasks = [];
    this.#left ??= new AbortController();
    this.#left.abort();
    this.#owner.drop(this);
  }

  /** Takes an event, which becomes ours to change. */
  push(event: SubgraphResponse): void {
    if (this.#end) return;
    if (this.#tasks.length < maxWaiting) this.#tasks.push({ event, newcomers: noNewcomers, isNew: true });
    else if (this.#owner.isResumable) this.#tasks = [{ event, newcomers: [...this.#newcomers], isNew: true }];
    else this.finish(toStreamErrors('LAGGED'));
    this.#work();
  }

  /** Ends the stream after what waits: with errors, or as complete. */
  finish(errors?: readonly GraphQLFormattedError[]): void {
    this.#end ??= { errors };
    this.#work();
  }

  /** Performs what waits, one task after the other. A task that has to fetch holds up those behind it. */
  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
        const underway = this.#perform(task);
        if (!underway) continue;
        this.#goOnAfter(underway);
        return;
      }
    } catch (error) {
      this.#break(error);
    }
    this.#isWorking = false;
    if (this.#end) this.#tellEnd(this.#end);
  }

  #goOnAfter(underway: Promise<void>): void {
    underway
      .catch((error: unknown) => this.#break(error))
      .then(() => {
        this.#isWorking = false;
        this.#work();
      });
  }

  #break(error: unknown): void {
    this.#end = { errors: [this.#view.viewer.toSafe(error)] };
    this.#tasks = [];
  }

  /** @returns what to wait for, when something has to be. */
  #perform(task: Task): Promise<void> | undefined {
    const { event, newcomers, isNew } = task;
    const isWanted = isNew || newcomers.some((receiver) => this.#newcomers.has(receiver));
    if (!isWanted || this.#left?.signal.aborted) return undefined;
    const response = event && this.#complete(event);
    if (response instanceof Promise) return response.then((completed) => this.#tell(task, completed));
    this.#tell(task, response);
    return undefined;
  }

  #tell({ newcomers, isNew }: Task, response: ResponseBytes | undefined): void {
    const settled = newcomers.filter((receiver) => this.#newcomers.delete(receiver));
    for (const receiver of settled) this.#receivers.add(receiver);
    if (!response) return;
    const audience = isNew ? this.#receivers : settled;
    for (const receiver of audience) receiver.next(response);
    for (const receiver of audience) receiver.flush();
  }

  /** Most events bring everything, for an identity that may be trusted: they are complete at once. */
  #complete(event: SubgraphResponse): ResponseBytes | Promise<ResponseBytes> {
    const { viewer, isForAll } = this.#view;
    const cursor = this.#owner.request.cursorOf(event);
    const trusted = isForAll ? undefined : viewer.untilTrusted();
    const json = trusted ? trusted.then(() => this.#execute(event)) : this.#execute(event);
    return json instanceof Promise
      ? json.then((text) => this.#toBytes(text, cursor))
      : this.#toBytes(json, cursor);
  }

  #execute(event: SubgraphResponse): string | Promise<string> {
    const { plan, viewer } = this.#view;
    if (plan.isSelfContained) return plan.executeEvent(event, nothing);
    this.#left ??= new AbortController();
    return plan.executeEvent(event, viewer.toContext(this.#left.signal));
  }

  #toBytes(json: string, cursor: string | undefined): ResponseBytes {
    return { json: Buffer.from(json), isState: this.#owner.isResumable, cursor };
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
