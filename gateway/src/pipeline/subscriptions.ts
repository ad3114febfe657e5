import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import { type ClientIdentity, toDeadline } from '../auth/client-identity.ts';
import { listStale, type Trust } from '../auth/trust.ts';
import type { EngineRequest, RequestContext } from '../engine/index.ts';
import type { Receiver } from '../subscription/stream/receiver.ts';
import { SubscriptionHub } from '../subscription/stream/subscription.hub.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { LiveSupergraph } from '../supergraph/live-supergraph.ts';
import { ClientSubscription, type SubscriptionHome } from './client-subscription.ts';
import type { Documents } from './documents.ts';
import { toEngineRequest } from './engine-request.ts';
import type { Caller, OperationParams, RunningOperation } from './pipeline.types.ts';
import { SchemaChanges } from './schema-change.ts';

export interface SubscriptionsOptions {
  readonly supergraph: LiveSupergraph;
  readonly documents: Documents;
  readonly trust: Trust;
  readonly toSafe: (error: unknown, requestId: string) => GraphQLFormattedError;
  /** Subscriptions that a new supergraph touches end or move within this time, in milliseconds. Default 5 000. */
  readonly reloadWindowMs?: number | undefined;
  /** How long a status stream that was lost is tried for again, in milliseconds. Default 60 000. */
  readonly resumeTimeoutMs?: number | undefined;
}

/** How long an event waits for somebody who can say whether its subscriber may still be trusted. */
const trustTimeoutMs = 30_000;

/** The subscriptions of all clients. */
export class Subscriptions implements SubscriptionHome {
  readonly hub: SubscriptionHub;
  readonly toSafe: SubscriptionsOptions['toSafe'];
  readonly #supergraph: LiveSupergraph;
  readonly #documents: Documents;
  readonly #trust: Trust;
  readonly #changes: SchemaChanges;
  readonly #open = new Set<ClientSubscription>();
  #events = 0;

  constructor({ reloadWindowMs = 5_000, resumeTimeoutMs, ...parts }: SubscriptionsOptions) {
    this.hub = new SubscriptionHub(resumeTimeoutMs);
    this.toSafe = parts.toSafe;
    this.#supergraph = parts.supergraph;
    this.#documents = parts.documents;
    this.#trust = parts.trust;
    this.#changes = new SchemaChanges(reloadWindowMs);
    this.#supergraph.onChange((last, next) =>
      this.#changes.apply({ last, next, isCurrent: () => this.currentGeneration === next }, this.#open),
    );
  }

  /** Begins one; its receiver may get something before this returns. */
  open(params: OperationParams, caller: Caller, receiver: Receiver): RunningOperation {
    const subscription = new ClientSubscription(this, params, caller, receiver);
    this.#open.add(subscription);
    subscription.runIn(this.currentGeneration);
    return subscription;
  }

  /** Nothing moves any more. */
  close(): void {
    this.#changes.close();
  }

  get currentGeneration(): Generation {
    return this.#supergraph.current;
  }

  toRequest(generation: Generation, params: OperationParams, caller: Caller): EngineRequest | null {
    const prepared = this.#documents.prepare(generation, params.query);
    return 'errors' in prepared ? null : toEngineRequest(params, prepared.document, caller);
  }

  /** An identity that nobody can vouch for has to wait. */
  untilTrusted(identity: ClientIdentity): Promise<void> | undefined {
    const untilFresh = this.#trust.untilFresh(identity);
    if (!untilFresh) return undefined;
    return Promise.race([untilFresh, delay(trustTimeoutMs, undefined, { ref: false })]).then(() => {
      if (this.#trust.untilFresh(identity)) throw listStale();
    });
  }

  /** What is in flight began before the event and may not know what it tells, so its identity key is its own. */
  toEventContext(context: RequestContext, signal: AbortSignal): RequestContext {
    this.#events += 1;
    const identityKey = `${context.identityKey}\nevent ${this.#events}`;
    return { ...context, identityKey, signal, deadlineAt: toDeadline() };
  }

  forget(subscription: ClientSubscription): void {
    this.#open.delete(subscription);
  }
}
