import { AppError } from '@suvidha/errors';
import type { Log } from '@suvidha/log';
import { type GraphQLFormattedError, getOperationAST, type OperationTypeNode } from 'graphql';
import { withDeadline } from '../auth/client-identity.ts';
import type { Trust } from '../auth/trust.ts';
import type { EngineRequest } from '../engine/index.ts';
import type { Receiver } from '../subscription/stream/receiver.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { LiveSupergraph } from '../supergraph/live-supergraph.ts';
import { Documents } from './documents.ts';
import { toEngineRequest } from './engine-request.ts';
import type { Caller, OperationParams, Pipeline, RunningOperation } from './pipeline.types.ts';
import { fromAppError, toMaskedError } from './safe-error.ts';
import { Subscriptions, type SubscriptionsOptions } from './subscriptions.ts';

export interface PipelineOptions extends Omit<SubscriptionsOptions, 'documents' | 'toSafe'> {
  readonly log: Log;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  return new OnePipeline(options);
}

class OnePipeline implements Pipeline {
  readonly #supergraph: LiveSupergraph;
  readonly #trust: Trust;
  readonly #log: Log;
  readonly #documents = new Documents();
  readonly #subscriptions: Subscriptions;

  constructor({ log, ...options }: PipelineOptions) {
    this.#supergraph = options.supergraph;
    this.#trust = options.trust;
    this.#log = log;
    this.#subscriptions = new Subscriptions({
      ...options,
      documents: this.#documents,
      toSafe: (error, requestId) => this.#toSafe(error, requestId),
    });
  }

  open(params: OperationParams, caller: Caller, receiver: Receiver): RunningOperation {
    const generation = this.#supergraph.current;
    try {
      this.#trust.assert(caller.identity);
      const prepared = this.#documents.prepare(generation, params.query);
      if ('errors' in prepared) return refuse(receiver, prepared.errors);
      const kind = kindOf(prepared.document, params.operationName);
      if (kind === 'mutation' && caller.isReadOnly) return refuse(receiver, [mutationRefused]);
      if (kind === 'subscription')
        return this.#subscriptions.open({ ...params, query: prepared.source }, caller, receiver);
      return this.#runOnce(generation, toEngineRequest(params, prepared.document, caller), caller, receiver);
    } catch (error) {
      return refuse(receiver, [this.#toSafe(error, caller.requestId)]);
    }
  }

  isSubscription({ query, operationName }: OperationParams): boolean {
    const prepared = this.#documents.prepare(this.#supergraph.current, query);
    return 'document' in prepared && kindOf(prepared.document, operationName) === 'subscription';
  }

  async answer(params: OperationParams, caller: Caller): Promise<string | undefined> {
    const generation = this.#supergraph.current;
    generation.begin();
    try {
      const prepared = this.#documents.prepare(generation, params.query);
      if ('errors' in prepared || kindOf(prepared.document, params.operationName) === 'subscription')
        return undefined;
      return await generation.engine.executeToJson(
        onceOnly(toEngineRequest(params, prepared.document, caller)),
      );
    } finally {
      generation.end();
    }
  }

  answerInParts(
    params: OperationParams,
    caller: Caller,
    deliver: (json: string) => void,
  ): Promise<void> | undefined {
    const generation = this.#supergraph.current;
    const prepared = this.#documents.prepare(generation, params.query);
    if ('errors' in prepared) return undefined;
    const request = onceOnly(toEngineRequest(params, prepared.document, caller));
    const running = generation.engine.executeInParts(request, deliver);
    if (!running) return undefined;
    generation.begin();
    return running
      .catch((error: unknown) => {
        const errors = [this.#toSafe(error, caller.requestId)];
        deliver(JSON.stringify({ errors, hasNext: false }));
      })
      .finally(() => generation.end());
  }

  close(): void {
    this.#subscriptions.close();
  }

  #runOnce(
    generation: Generation,
    request: EngineRequest,
    { requestId }: Caller,
    receiver: Receiver,
  ): RunningOperation {
    const left = new AbortController();
    const limited = onceOnly({ ...request, context: { ...request.context, signal: left.signal } });
    generation.begin();
    const next = (json: string) => {
      if (left.signal.aborted) return;
      receiver.next({ json: Buffer.from(json), isState: false, cursor: undefined });
      receiver.flush();
    };
    answerOnce(generation, limited, next)
      .catch((error: unknown) => [this.#toSafe(error, requestId)])
      .then((errors) => {
        generation.end();
        if (left.signal.aborted) return;
        if (errors) receiver.fail(errors);
        else receiver.complete();
      });
    return { close: () => left.abort(), identify: () => undefined };
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
