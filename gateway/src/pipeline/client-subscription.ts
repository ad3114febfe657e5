import type { GraphQLFormattedError } from 'graphql';
import { type ClientIdentity, identityKeyOf } from '../auth/client-identity.ts';
import type { EngineRequest, RefusedOperation, RequestContext } from '../engine/index.ts';
import type { Receiver, ResponseBytes } from '../subscription/stream/receiver.ts';
import { toStreamErrors } from '../subscription/stream/stream.errors.ts';
import type { Place, SubscriptionHub } from '../subscription/stream/subscription.hub.ts';
import type { Generation } from '../supergraph/generation.ts';

/** A subscription as its client has asked for it, whatever supergraph and identity it runs under. */
export interface SubscriptionOrder {
  /** Makes what the engine is asked for in a generation; null when the operation is not valid there. */
  toRequest(generation: Generation, identity: ClientIdentity): EngineRequest | null;
  /** The cursor after which it begins, whatever the operation says. */
  readonly after: string | undefined;
  /** Acts as soon as the identity may be trusted; rejects when it may not. */
  whenTrusted<T>(identity: ClientIdentity, act: () => T | Promise<T>): T | Promise<T>;
  /** What an event is completed with. */
  toEventContext(request: EngineRequest, signal: AbortSignal): RequestContext;
  toSafe(error: unknown): GraphQLFormattedError;
  /** Called once, when it is over. */
  onEnd(): void;
}

/** One client's subscription: finds its place among those that share their work, and moves when it must. */
export class ClientSubscription implements Receiver {
  readonly #hub: SubscriptionHub;
  readonly #order: SubscriptionOrder;
  readonly #receiver: Receiver;
  #identity: ClientIdentity;
  #generation: Generation | undefined;
  #endGeneration: () => void = () => undefined;
  #place: Place | undefined;
  #isOver = false;

  constructor(hub: SubscriptionHub, order: SubscriptionOrder, receiver: Receiver, identity: ClientIdentity) {
    this.#hub = hub;
    this.#order = order;
    this.#receiver = receiver;
    this.#identity = identity;
  }

  /** Where it runs now. */
  get generation(): Generation | undefined {
    return this.#generation;
  }

  /** What the engine would be asked for in a generation; null when the operation is not valid there. */
  toRequest(generation: Generation): EngineRequest | null {
    return this.#order.toRequest(generation, this.#identity);
  }

  get isResumable(): boolean {
    return this.#place?.isResumable ?? false;
  }

  /** Begins, or goes on in another generation or under another identity after the last event that was seen. */
  runIn(generation: Generation, identity = this.#identity): void {
    if (this.#isOver) return;
    const previous = { place: this.#place, end: this.#endGeneration };
    this.#identity = identity;
    this.#generation = generation;
    this.#endGeneration = generation.begin();
    const place = this.#find(generation);
    previous.place?.leave();
    previous.end();
    if ('errors' in place) {
      this.#place = undefined;
      this.fail(place.errors);
      return;
    }
    this.#place = place;
    if (this.#isOver) place.leave();
  }

  /** Goes on under a newer token of the same person: where it is, when subgraphs would answer it alike. */
  runAs(identity: ClientIdentity, generation: Generation): void {
    const isSame = identityKeyOf(identity.actor) === identityKeyOf(this.#identity.actor);
    if (isSame) this.#identity = identity;
    else this.runIn(generation, identity);
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
      const { cursor: after } = this.#place ?? { cursor: this.#order.after };
      return this.#hub.open(generation, { request, receiver: this, after, view: this.#viewOf(request) });
    } catch (error) {
      return { errors: [this.#order.toSafe(error)] };
    }
  }

  #viewOf(request: EngineRequest) {
    const identity = this.#identity;
    return {
      whenTrusted: <T>(act: () => T | Promise<T>) => this.#order.whenTrusted(identity, act),
      toContext: (signal: AbortSignal) => this.#order.toEventContext(request, signal),
      toSafe: (error: unknown) => this.#order.toSafe(error),
    };
  }

  #finish(): void {
    this.#isOver = true;
    this.#endGeneration();
    this.#order.onEnd();
  }
}
