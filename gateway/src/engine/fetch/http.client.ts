import { type Dispatcher, Pool } from 'undici';
import type { RequestContext, SubgraphClient, SubgraphResponse } from '../engine.types.ts';
import { isJsonObject } from '../run/own-property.ts';
import { type LimitedWork, runWithinLimits, type Wait } from './limits.ts';
import { SubgraphUnavailableError } from './subgraph.errors.ts';
import type { SubgraphRequest } from './subgraph.request.ts';

/** How one subgraph is reached over HTTP. */
export interface HttpClientOptions {
  readonly url: string;
  /** Headers to send for a request beside the content type: credentials, request id, tracing. */
  headers?(context: RequestContext, request: SubgraphRequest): Readonly<Record<string, string>>;
  /** How long one fetch may take (default 30 000). */
  readonly timeoutMs?: number;
  /** A longer answer is refused while it is being read (default 32 MiB). */
  readonly maxResponseBytes?: number;
  /** Open connections at most (default 256). */
  readonly maxConnections?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
const DEFAULT_MAX_CONNECTIONS = 256;

/** Asks a subgraph over keep-alive HTTP connections. Nothing is retried here. */
export function createHttpClient(options: HttpClientOptions): SubgraphClient {
  const { origin, pathname, search } = new URL(options.url);
  const pool = new Pool(origin, {
    connections: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const path = `${pathname}${search}`;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const maxResponseBytes = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
  return {
    async execute(request, context) {
      const headers = { ...BASE_HEADERS, ...options.headers?.(context, request) };
      const outgoing: Dispatcher.DispatchOptions = { path, method: 'POST', headers, body: request.body };
      return toResponse(
        await runWithinLimits(context, timeoutMs, new Exchange(pool, outgoing, maxResponseBytes)),
      );
    },
    close: () => pool.close(),
  };
}

const BASE_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
};

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Controller {
  abort(reason: Error): void;
}

/** One question and its answer, as undici delivers it. */
class Exchange implements LimitedWork<Answer> {
  readonly #pool: Pool;
  readonly #outgoing: Dispatcher.DispatchOptions;
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #wait: Wait<Answer> | undefined;
  #controller: Controller | undefined;
  #abortedBy: SubgraphUnavailableError | undefined;
  #status = 0;
  #bytes = 0;

  constructor(pool: Pool, outgoing: Dispatcher.DispatchOptions, maxBytes: number) {
    this.#pool = pool;
    this.#outgoing = outgoing;
    this.#maxBytes = maxBytes;
  }

  start(wait: Wait<Answer>): void {
    this.#wait = wait;
    this.#pool.dispatch(this.#outgoing, this);
  }

  cancel(reason: SubgraphUnavailableError): void {
    this.#abortedBy = reason;
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#abortedBy) controller.abort(this.#abortedBy);
  }

  onResponseStart(_controller: Controller, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.cancel(new SubgraphUnavailableError('RESPONSE_TOO_LARGE'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
    this.#wait?.settle({ status: this.#status, text: bytes.toString() });
  }

  onResponseError(_controller: Controller, cause: Error): void {
    this.#wait?.fail(this.#abortedBy ?? new SubgraphUnavailableError('CONNECTION_FAILED', { cause }));
  }
}

/** A GraphQL answer counts whatever its status, for subgraphs differ in the status they give errors. */
function toResponse({ status, text }: Answer): SubgraphResponse {
  const isError = status < 200 || status > 299;
  const value = parseAnswer(text, isError);
  if (isJsonObject(value) && (value.data !== undefined || Array.isArray(value.errors))) return value;
  throw new SubgraphUnavailableError(isError ? 'BAD_STATUS' : 'MALFORMED_RESPONSE');
}

function parseAnswer(text: string, isError: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SubgraphUnavailableError(isError ? 'BAD_STATUS' : 'MALFORMED_RESPONSE', { cause });
  }
}
