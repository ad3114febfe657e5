import { AppError } from '@suvidha/errors';
import type { Log } from '@suvidha/log';
import { type GraphQLFormattedError, getOperationAST } from 'graphql';
import type { EngineRequest, EngineResult } from '../engine/index.ts';
import { openSubscription } from '../subscription/open-subscription.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { LiveSupergraph } from '../supergraph/live-supergraph.ts';
import { type ClientIdentity, toAccess, toRequestContext, withDeadline } from './client-identity.ts';
import { DocumentStore } from './document.store.ts';
import { fromAppError, toMaskedError } from './safe-error.ts';

/** An operation as it comes over any transport. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Record<string, unknown>;
}

/** Who sends an operation. */
export interface Caller {
  readonly identity: ClientIdentity;
  readonly requestId: string;
  /** Aborts when the client leaves. */
  readonly signal?: AbortSignal;
  /** Whether the request must not change anything, as with GET. Default: it may. */
  readonly isReadOnly?: boolean;
}

export type Responses = AsyncIterableIterator<EngineResult>;

/** What every transport but Apollo Server's HTTP does with an operation: parse, validate, run, mask. */
export interface Pipeline {
  /** Runs a query or mutation once, or opens a subscription. Never rejects. */
  run(params: OperationParams, caller: Caller): Promise<EngineResult | Responses>;
  /**
   * Runs a query or mutation and gives the response as JSON text, made in one pass. Undefined when the operation did
   * not begin: then another way has to say why.
   */
  answer(params: OperationParams, caller: Caller): Promise<string | undefined>;
}

export function createPipeline(supergraph: LiveSupergraph, log: Log): Pipeline {
  const stores = new WeakMap<Generation, DocumentStore>();
  const documentsOf = (generation: Generation): DocumentStore => {
    const known = stores.get(generation) ?? new DocumentStore(generation.schema);
    stores.set(generation, known);
    return known;
  };
  return {
    async run(params, caller) {
      const generation = supergraph.current;
      const end = generation.begin();
      try {
        const prepared = documentsOf(generation).prepare(params.query);
        const result =
          'errors' in prepared ? prepared : await runIn(generation, params, prepared.document, caller);
        if (Symbol.asyncIterator in result) return endWith(result, end);
        end();
        return result;
      } catch (error) {
        end();
        return { errors: [toSafe(error, caller.requestId, log)] };
      }
    },
    async answer(params, caller) {
      const generation = supergraph.current;
      const end = generation.begin();
      try {
        const prepared = documentsOf(generation).prepare(params.query);
        if ('errors' in prepared || isSubscription(prepared.document, params.operationName)) return undefined;
        return await generation.engine.executeToJson(
          onceOnly(toEngineRequest(params, prepared.document, caller)),
        );
      } finally {
        end();
      }
    },
  };
}

/** What is answered once has a deadline; a stream has none. */
function onceOnly(request: EngineRequest): EngineRequest {
  return { ...request, context: withDeadline(request.context) };
}

function isSubscription(document: EngineRequest['document'], operationName: string | undefined): boolean {
  return getOperationAST(document, operationName)?.operation === 'subscription';
}

async function runIn(
  { engine, connections }: Generation,
  params: OperationParams,
  document: EngineRequest['document'],
  caller: Caller,
): Promise<EngineResult | Responses> {
  const request = toEngineRequest(params, document, caller);
  const operation = getOperationAST(document, params.operationName);
  if (operation?.operation === 'mutation' && caller.isReadOnly) return { errors: [mutationRefused] };
  if (operation?.operation !== 'subscription') return engine.execute(onceOnly(request));
  return openSubscription(engine, connections, request);
}

/** Calls `end` when the stream is over, whoever ends it. */
function endWith(responses: Responses, end: () => void): Responses {
  return {
    async next() {
      try {
        const result = await responses.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      await responses.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
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

function toSafe(error: unknown, requestId: string, log: Log): GraphQLFormattedError {
  if (error instanceof AppError) return fromAppError(error);
  log.error({ error, requestId }, 'unexpected error');
  return toMaskedError(requestId);
}
