import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@suvidha/errors';
import type { Log } from '@suvidha/log';
import { type GraphQLFormattedError, getOperationAST, type OperationTypeNode } from 'graphql';
import {
  type ClientIdentity,
  toAccess,
  toDeadline,
  toRequestContext,
  withDeadline,
} from '../auth/client-identity.ts';
import { listStale, type Trust } from '../auth/trust.ts';
import type { EngineRequest, RequestContext } from '../engine/index.ts';
import type { Receiver } from '../subscription/stream/receiver.ts';
import { SubscriptionHub } from '../subscription/stream/subscription.hub.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { LiveSupergraph } from '../supergraph/live-supergraph.ts';
import { ClientSubscription } from './client-subscription.ts';
import { DocumentStore } from './document.store.ts';
import type { Caller, OperationParams, Pipeline, RunningOperation } from './pipeline.types.ts';
import { fromAppError, toMaskedError } from './safe-error.ts';
import { SchemaChanges } from './schema-change.ts';

export interface PipelineOptions {
  readonly supergraph: LiveSupergraph;
  readonly trust: Trust;
  readonly log: Log;
  /** Subscriptions that a new supergraph touches end or move within this time, in milliseconds. Default 5 000. */
  readonly reloadWindowMs?: number | undefined;
  /** How long a status stream that was lost is tried for again, in milliseconds. Default 60 000. */
  readonly resumeTimeoutMs?: number | undefined;
}

/** How long an event waits for somebody who can say whether its subscriber may still be trusted. */
const trustTimeoutMs = 30_000;

export function createPipeline(options: PipelineOptions): Pipeline {
  return new OnePipeline(options);
}

class OnePipeline implements Pipeline {
  readonly #supergraph: LiveSupergraph;
  readonly #trust: Trust;
  readonly #log: Log;
  readonly #hub: SubscriptionHub;
  readonly #changes: SchemaChanges;
  readonly #subscriptions = new Set<ClientSubscription>();
  readonly #documents = new WeakMap<Generation, DocumentStore>();
  #events = 0;

  constructor({ supergraph, trust, log, reloadWindowMs = 5_000, resumeTimeoutMs }: PipelineOptions) {
    this.#supergraph = supergraph;
    this.#trust = trust;
    this.#log = log;
    this.#hub = new SubscriptionHub(resumeTimeoutMs);
    this.#changes = new SchemaChanges(reloadWindowMs);
    supergraph.onChange((last, next) =>
      this.#changes.apply({ last, next, isCurrent: () => supergraph.current === next }, this.#subscriptions),
    );
  }

  open(params: OperationParams, caller: Caller, receiver: Receiver): RunningOperation {
    const generation = this.#supergraph.current;
    try {
      this.#trust.assert(caller.identity);
      const prepared = this.#documentsOf(generation).prepare(params.query);
      if ('errors' in prepared) return refuse(receiver, prepared.errors);
      const kind = kindOf(prepared.document, params.operationName);
      if (kind === 'mutation' && caller.isReadOnly) return refuse(receiver, [mutationRefused]);
      if (kind === 'subscription') return this.#subscribe(generation, params, caller, receiver);
      return this.#runOnce(generation, toEngineRequest(params, prepared.document, caller), caller, receiver);
    } catch (error) {
      return refuse(receiver, [this.#toSafe(error, caller.requestId)]);
    }
  }

  isSubscription({ query, operationName }: OperationParams): boolean {
    const prepared = this.#documentsOf(this.#supergraph.current).prepare(query);
    return 'document' in prepared && kindOf(prepared.document, operationName) === 'subscription';
  }

  async answer(params: OperationParams, caller: Caller): Promise<string | undefined> {
    const generation = this.#supergraph.current;
    const end = generation.begin();
    try {
      const prepared = this.#documentsOf(generation).prepare(params.query);
      if ('errors' in prepared || kindOf(prepared.document, params.operationName) === 'subscription')
        return undefined;
      return await generation.engine.executeToJson(
        onceOnly(toEngineRequest(params, prepared.document, caller)),
      );
    } finally {
      end();
    }
  }

  answerInParts(
    params: OperationParams,
    caller: Caller,
    deliver: (json: string) => void,
  ): Promise<void> | undefined {
    const generation = this.#supergraph.current;
    const prepared = this.#documentsOf(generation).prepare(params.query);
    if ('errors' in prepared) return undefined;
    const request = onceOnly(toEngineRequest(params, prepared.document, caller));
    const running = generation.engine.executeInParts(request, deliver);
    if (!running) return undefined;
    const end = generation.begin();
    return running
      .catch((error: unknown) => {
        const errors = [this.#toSafe(error, caller.requestId)];
        deliver(JSON.stringify({ errors, hasNext: false }));
      })
      .finally(end);
  }

  close(): void {
    this.#changes.close();
  }

  #runOnce(
    generation: Generation,
    request: EngineRequest,
    { requestId }: Caller,
    receiver: Receiver,
  ): RunningOperation {
    const left = new AbortController();
    const limited = onceOnly({ ...request, context: { ...request.context, signal: left.signal } });
    const end = generation.begin();
    const next = (json: string) => {
      if (left.signal.aborted) return;
      receiver.next({ json: Buffer.from(json), isState: false, cursor: undefined });
      receiver.flush();
    };
    answerOnce(generation, limited, next)
      .catch((error: unknown) => [this.#toSafe(error, requestId)])
      .then((errors) => {
        end();
        if (left.signal.aborted) return;
        if (errors) receiver.fail(errors);
        else receiver.complete();
      });
    return { close: () => left.abort(), identify: () => undefined };
  }

  #subscribe(
    generation: Generation,
    params: OperationParams,
    caller: Caller,
    receiver: Receiver,
  ): RunningOperation {
    const subscription = new ClientSubscription(
      this.#hub,
      {
        toRequest: (place, identity) => {
          const prepared = this.#documentsOf(place).prepare(params.query);
          return 'errors' in prepared
            ? null
            : toEngineRequest(params, prepared.document, { ...caller, identity });
        },
        after: params.after,
        whenTrusted: (identity, act) => this.#whenTrusted(identity, act),
        toEventContext: ({ context }, signal) => this.#toEventContext(context, signal),
        toSafe: (error) => this.#toSafe(error, caller.requestId),
        onEnd: () => this.#subscriptions.delete(subscription),
      },
      receiver,
      caller.identity,
    );
    this.#subscriptions.add(subscription);
    subscription.runIn(generation);
    return {
      close: () => subscription.close(),
      identify: (identity) => subscription.runAs(identity, this.#supergraph.current),
    };
  }

  /** An identity that nobody can vouch for has to wait. */
  #whenTrusted<T>(identity: ClientIdentity, act: () => T | Promise<T>): T | Promise<T> {
    const untilFresh = this.#trust.untilFresh(identity);
    if (!untilFresh) return act();
    return Promise.race([untilFresh, delay(trustTimeoutMs, undefined, { ref: false })]).then(() => {
      if (this.#trust.untilFresh(identity)) throw listStale();
      return act();
    });
  }

  /** What is in flight began before the event and may not know what it tells, so its identity key is its own. */
  #toEventContext(context: RequestContext, signal: AbortSignal): RequestContext {
    this.#events += 1;
    const identityKey = `${context.identityKey}\nevent ${this.#events}`;
    return { ...context, identityKey, signal, deadlineAt: toDeadline() };
  }

  #documentsOf(generation: Generation): DocumentStore {
    const known = this.#documents.get(generation) ?? new DocumentStore(generation.schema);
    this.#documents.set(generation, known);
    return known;
  }

  #toSafe(error: unknown, requestId: string): GraphQLFormattedError {
    if (error instanceof AppError) return fromAppError(error);
    this.#log.error({ error, requestId }, 'unexpected error');
    return toMaskedError(requestId);
  }
}

const nothingRuns: RunningOperation = { close: () => undefined, identify: () => undefined };

function refuse(receiver: Receiver, errors: readonly GraphQLFormattedError[]): RunningOperation {
  receiver.fail(errors);
  return nothingRuns;
}

/** Gives the response, in parts when the operation defers some; or returns why there is none. */
async function answerOnce(
  { engine }: Generation,
  request: EngineRequest,
  next: (json: string) => void,
): Promise<readonly GraphQLFormattedError[] | undefined> {
  const inParts = engine.executeInParts(request, next);
  if (inParts) {
    await inParts;
    return undefined;
  }
  const json = await engine.executeToJson(request);
  if (json === undefined) return (await engine.execute(request)).errors ?? [];
  next(json);
  return undefined;
}

/** What is answered once has a deadline; a stream has none. */
function onceOnly(request: EngineRequest): EngineRequest {
  return { ...request, context: withDeadline(request.context) };
}

function kindOf(
  document: EngineRequest['document'],
  operationName: string | undefined,
): OperationTypeNode | undefined {
  return getOperationAST(document, operationName)?.operation;
}

const mutationRefused: GraphQLFormattedError = {
  message: 'A mutation must be sent with POST.',
  extensions: { code: 'BAD_REQUEST' },
};

function toEngineRequest(
  { query, operationName, variables }: OperationParams,
  document: EngineRequest['document'],
  { identity, requestId, signal }: Caller,
): EngineRequest {
  return {
    document,
    source: query,
    operationName,
    variables,
    context: toRequestContext(identity, requestId, signal),
    access: toAccess(identity),
  };
}
