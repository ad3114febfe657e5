import type { EngineSubscription, RequestContext, SubgraphResponse } from '../engine.types.ts';
import type { SubgraphRequest } from '../fetch/subgraph.request.ts';
import { completeEvent, type PreparedRun } from './operation.run.ts';
import { variableMembers } from './root.fetch.ts';
import type { FetchProgram } from './run.types.ts';

/** A subscription that is ready to be opened. There are many for a long time, so what is asked for once is not kept. */
export class PlannedSubscription implements EngineSubscription {
  readonly #prepared: PreparedRun;
  readonly #primary: FetchProgram;

  constructor(prepared: PreparedRun, primary: FetchProgram) {
    this.#prepared = prepared;
    this.#primary = primary;
  }

  get subgraph(): string {
    return this.#primary.subgraph;
  }

  get request(): SubgraphRequest {
    return this.#primary.operation.withVariables(
      `{${variableMembers(this.#prepared.variables, this.#primary)}}`,
    );
  }

  get responseKey(): string {
    return `${this.#prepared.compiled.id}\n${JSON.stringify(this.#prepared.variables)}`;
  }

  get isSelfContained(): boolean {
    return this.#prepared.compiled.step === undefined;
  }

  executeEvent(event: SubgraphResponse, context: RequestContext): string | Promise<string> {
    return completeEvent(this.#prepared, context, event);
  }
}
