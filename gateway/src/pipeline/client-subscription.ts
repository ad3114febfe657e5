import type { GraphQLFormattedError } from 'graphql';
import { type ClientIdentity, identityKeyOf } from '../auth/client-identity.ts';
import type { EngineRequest, RefusedOperation, RequestContext } from '../engine/index.ts';
import type { Place } from '../subscription/stream/place.ts';
import type { Receiver, ResponseBytes } from '../subscription/stream/receiver.ts';
import type { Viewer } from '../subscription/stream/rendition.ts';
import { toStreamErrors } from '../subscription/stream/stream.errors.ts';
import type { SubscriptionHub } from '../subscription/stream/subscription.hub.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { Caller, OperationParams, RunningOperation } from './pipeline.types.ts';

/** What the subscriptions of all clients have in common. */
export interface SubscriptionHome {
  readonly hub: SubscriptionHub;
  /** Where what is new runs. */
  readonly currentGeneration: Generation;
  /** What the engine is asked for in a generation; null when the operation is not valid there. */
  toRequest(generation: Generation, params: OperationParams, caller: Caller): EngineRequest | null;
  /** Undefined: the identity may be trusted now. Else resolves when it may; rejects when it may not. */
  untilTrusted(identity: ClientIdentity): Promise<void> | undefined;
  /** What an event is completed with, for whoever has subscribed with a context. */
  toEventContext(context: RequestContext, signal: AbortSignal): RequestContext;
  toSafe(error: unknown, requestId: string): GraphQLFormattedError;
  /** Called once for each, when it is over. */
  forget(subscription: ClientSubscription): void;
}

/** One client's subscription: finds its place among those that share their work, and moves when it must. */
export class ClientSubscription implements Receiver, RunningOperation {
  readonly #home: SubscriptionHome;
  readonly #params: OperationParams;
  readonly #receiver: Receiver;
  #caller: Caller;
  #generation: Generation | undefined;
  #place: Place | undefined;
  #isOver = false;

  constructor(home: SubscriptionHome, params: OperationParams, caller: Caller, receiver: Receiver) {
    this.#home = home;
    this.#params = params;
    this.#caller = caller;
    this.#receiver = receiver;
  }

  /** Where it runs now. */
  get generation(): Generation | undefined {
    return this.#generation;
  }

  /** What the engine would be asked for in a generation; null when the operation is not valid there. */
  toRequest(generation: Generation): EngineRequest | null {
    return this.#home.toRequest(generation, this.#params, this.#caller);
  }

  get isResumable(): boolean {
    return this.#place?.isResumable ?? false;
  }

  /** Begins, or goes on in another generation or under another identity after the last event that was seen. */
  runIn(generation: Generation): void {
    if (this.#isOver) return;
    const previous = { place: this.#place, generation: this.#generation };
    this.#generation = generation;
    generation.begin();
    const place = this.#find(generation);
    previous.place?.leave();
    previous.generation?.end();
    if ('errors' in place) {
      this.#place = undefined;
      this.fail(place.errors);
      return;
    }
    this.#place = place;
    if (this.#isOver) place.leave();
  }

  /** Goes on under a newer token of the same person: where it is, when subgraphs would answer it alike. */
  identify(identity: ClientIdentity): void {
    const isSame = identityKeyOf(identity.actor) === identityKeyOf(this.#caller.identity.actor);
    this.#caller = { ...this.#caller, identity };
    if (!isSame) this.runIn(this.#home.currentGeneration);
  }

  /** The client has left. */
  close(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#place?.leave();
  }

  next(response: ResponseBytes): void {
    if (!this.#isOver) this.#receiver.next(response);
  }

  flush(): void {
    this.#receiver.flush();
  }

  complete(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#receiver.complete();
  }

  fail(errors: readonly GraphQLFormattedError[]): void {
    if (this.#isOver) return;
    this.close();
    this.#receiver.fail(errors);
  }

  /** A place among those that share their work, or why there is none. */
  #find(generation: Generation): Place | RefusedOperation {
    try {
      const request = this.toRequest(generation);
      if (!request) return { errors: toStreamErrors('SCHEMA_RELOADED') };
      const after = this.#place ? this.#place.cursor : this.#params.after;
      const viewer = new SubscriptionViewer(this.#home, this.#caller, request.context);
      return this.#home.hub.open(generation, { request, receiver: this, after, viewer });
    } catch (error) {
      return { errors: [this.#home.toSafe(error, this.#caller.requestId)] };
    }
  }

  #finish(): void {
    this.#isOver = true;
    this.#generation?.end();
    this.#home.forget(this);
  }
}

/** Who subscribed, as it was then: it may complete events for others who see the same, also when it has left. */
class SubscriptionViewer implements Viewer {
  readonly #home: SubscriptionHome;
  readonly #caller: Caller;
  readonly #context: RequestContext;

  constructor(home: SubscriptionHome, caller: Caller, context: RequestContext) {
    this.#home = home;
    this.#caller = caller;
    this.#context = context;
  }

  untilTrusted(): Promise<void> | undefined {
    return this.#home.untilTrusted(this.#caller.identity);
  }

  toContext(signal: AbortSignal): RequestContext {
    return this.#home.toEventContext(this.#context, signal);
  }

  toSafe(error: unknown): GraphQLFormattedError {
    return this.#home.toSafe(error, this.#caller.requestId);
  }
}
