import { toAccess, toRequestContext } from '../auth/client-identity.ts';
import type { EngineRequest } from '../engine/index.ts';
import type { Caller, OperationParams } from './pipeline.types.ts';

/** What the engine is asked for when somebody sends an operation. */
export function toEngineRequest(
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
