import { AppError } from '@suvidha/errors';
import type { Log } from '@suvidha/log';
import { type GraphQLFormattedError, getOperationAST } from 'graphql';
import type { Engine, EngineRequest, EngineResult } from '../engine/index.ts';
import type { SubgraphConnection } from '../subgraph/subgraph-connection.ts';
import { openSubscription } from '../subscription/open-subscription.ts';
import { type ClientIdentity, toAccess, toRequestContext } from './client-identity.ts';
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
}

export function createPipeline(
  engine: Engine,
  connections: ReadonlyMap<string, SubgraphConnection>,
  log: Log,
): Pipeline {
  const documents = new DocumentStore(engine.schema);
  return {
    async run(params, caller) {
      try {
        const prepared = documents.prepare(params.query);
        if ('errors' in prepared) return prepared;
        const request = toEngineRequest(params, prepared.document, caller);
        const operation = getOperationAST(prepared.document, params.operationName);
        if (operation?.operation === 'mutation' && caller.isReadOnly) return { errors: [mutationRefused] };
        if (operation?.operation !== 'subscription') return await engine.execute(request);
        return await openSubscription(engine, connections, request);
      } catch (error) {
        return { errors: [toSafe(error, caller.requestId, log)] };
      }
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
