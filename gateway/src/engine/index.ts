export { createEngine } from './engine.ts';
export type {
  Access,
  Engine,
  EngineOptions,
  EngineRequest,
  EngineResult,
  EngineSubscription,
  JsonObject,
  RefusedOperation,
  RequestContext,
  SubgraphClient,
  SubgraphError,
  SubgraphResponse,
} from './engine.types.ts';
export { Cancellation, type CancelSignal } from './fetch/cancellation.ts';
export { createHttpClient, type HttpClientOptions } from './fetch/http.client.ts';
export { createInProcessClient, type ExecuteInProcess } from './fetch/in-process.client.ts';
export { SubgraphUnavailableError, type UnavailableReason } from './fetch/subgraph.errors.ts';
export type { SubgraphRequest } from './fetch/subgraph.request.ts';
export {
  type DirectRequest,
  type IncomingRequest,
  readDirectRequest,
  toDirectResponse,
} from './http-route/direct.request.ts';
export { cloneJson } from './run/merge.ts';
