import type { RequestContext, SubgraphClient, SubgraphResponse } from '../engine.types.ts';
import { type LimitedWork, runWithinLimits, type Wait } from './limits.ts';
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
    execute: (request, context) => runWithinLimits(context, timeoutMs, new Call(execute, request, context)),
  };
}

class Call implements LimitedWork<SubgraphResponse> {
  readonly #execute: ExecuteInProcess;
  readonly #request: SubgraphRequest;
  readonly #context: RequestContext;

  constructor(execute: ExecuteInProcess, request: SubgraphRequest, context: RequestContext) {
    this.#execute = execute;
    this.#request = request;
    this.#context = context;
  }

  start(wait: Wait<SubgraphResponse>): void {
    this.#execute(this.#request, this.#context).then(
      (response) => wait.settle(response),
      (cause: unknown) => wait.fail(toUnavailableError(cause)),
    );
  }

  cancel(): void {}
}

function toUnavailableError(cause: unknown): SubgraphUnavailableError {
  return cause instanceof SubgraphUnavailableError
    ? cause
    : new SubgraphUnavailableError('CONNECTION_FAILED', { cause });
}
