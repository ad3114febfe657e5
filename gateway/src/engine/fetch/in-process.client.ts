import type { RequestContext, SubgraphClient, SubgraphResponse } from '../engine.types.ts';
import { runWithinLimits } from './limits.ts';
import { SubgraphUnavailableError } from './subgraph.errors.ts';
import type { SubgraphRequest } from './subgraph.request.ts';

/** Executes an operation of a subgraph in this process. The data it returns becomes the engine's to change. */
export type ExecuteInProcess = (
  request: SubgraphRequest,
  context: RequestContext,
) => Promise<SubgraphResponse>;

/** Asks a subgraph by calling it. The function may watch `context.signal`; past a limit it is no longer waited for. */
export function createInProcessClient(execute: ExecuteInProcess, timeoutMs = 30_000): SubgraphClient {
  return {
    execute: (request, context) =>
      runWithinLimits(context, timeoutMs, (resolve, reject) => {
        execute(request, context).then(resolve, (cause: unknown) =>
          reject(new SubgraphUnavailableError('CONNECTION_FAILED', { cause })),
        );
        return () => undefined;
      }),
  };
}
