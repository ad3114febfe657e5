import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayHealth } from '../payment-gateway.ts';
import { VendorError, type VendorOutcome } from '../vendor.error.ts';
import { CircuitBreaker, type CircuitOptions } from './circuit-breaker.ts';
import { toRetryPauseMs } from './retry.rules.ts';

export interface VendorRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the vendor does it once, however often it is made; only then is it repeated after an unknown outcome. */
  readonly isIdempotent: boolean;
}

export interface VendorTransportOptions {
  /** How long a call may take with all its attempts, in milliseconds. Default 10 000: as long as a person waits. */
  readonly timeoutMs?: number;
  readonly circuit?: CircuitOptions;
}

/** How a vendor's answers are to be read. */
export interface AnswerReader<Answer> {
  /**
   * Reads the text of a 2xx.
   * @throws VendorError when it is no answer, or says that the call went wrong after all.
   */
  read(text: string): Answer;
  /** The vendor's own code in the text of a 4xx. */
  toRefusalCode?(text: string): string | undefined;
}

/** One vendor over HTTP: deadlines, retries where they cannot do harm, and a circuit breaker. */
export interface VendorTransport {
  /** @throws VendorError that says what is known. */
  send<Answer>(request: VendorRequest, reader: AnswerReader<Answer>): Promise<Answer>;
  health(): GatewayHealth;
}

/** A 4xx that says nothing about what an earlier or parallel call did. */
const undecided: readonly number[] = [408, 409, 425];

/** Errors of a connection that never came about (`code` of Node's system errors and of undici). */
const unconnected: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

export function createVendorTransport({
  timeoutMs = 10_000,
  circuit,
}: VendorTransportOptions = {}): VendorTransport {
  const breaker = new CircuitBreaker(circuit);
  return {
    health: () => breaker.health(),
    async send(request, reader) {
      const deadline = performance.now() + timeoutMs;
      const attemptOnce = () => sendOnce(request, toRemainingMs(deadline), reader);
      let isUnknown = false;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await breaker.run(attemptOnce, isFault);
        } catch (error) {
          isUnknown ||= isOutcome(error, 'UNKNOWN');
          const pauseMs = toPauseMs(error, request, attempt, deadline);
          if (pauseMs === null) throw isUnknown ? toUnknown(error) : error;
          await sleep(pauseMs);
        }
      }
    },
  };
}

function toRemainingMs(deadline: number): number {
  return Math.max(1, Math.round(deadline - performance.now()));
}

function isOutcome(error: unknown, outcome: VendorOutcome): boolean {
  return error instanceof VendorError && error.outcome === outcome;
}

/** An attempt that was not sent says nothing about one before it that was. */
function toUnknown(error: unknown): unknown {
  return isOutcome(error, 'UNSENT') ? new VendorError('UNKNOWN', { cause: error }) : error;
}

function toPauseMs(
  error: unknown,
  { isIdempotent }: VendorRequest,
  attempt: number,
  deadline: number,
): number | null {
  if (!(error instanceof VendorError) || error.vendorCode === 'CIRCUIT_OPEN') return null;
  const remainingMs = toRemainingMs(deadline);
  return toRetryPauseMs({ error, attempt, isIdempotent, remainingMs, jitter: Math.random() });
}

/** A refusal is the vendor at work; everything else speaks against it. */
function isFault(error: unknown): boolean {
  return !isOutcome(error, 'REFUSED');
}

async function sendOnce<Answer>(
  { method, url, headers, body }: VendorRequest,
  timeoutMs: number,
  { read, toRefusalCode }: AnswerReader<Answer>,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers,
    ...(body !== undefined && { body }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(throwUnanswered);
  const text = await response.text().catch((cause: unknown) => {
    throw new VendorError('UNKNOWN', { cause, status: response.status });
  });
  if (response.ok) return read(text);
  throw toError(response, toRefusalCode?.(text));
}

function throwUnanswered(cause: unknown): never {
  const reason = cause instanceof Error ? cause.cause : undefined;
  const code = reason instanceof Error && 'code' in reason ? reason.code : undefined;
  throw new VendorError(unconnected.includes(code) ? 'UNSENT' : 'UNKNOWN', { cause });
}

function toError({ status, headers }: Response, code: string | undefined): VendorError {
  const details = { status, ...(code !== undefined && { vendorCode: code }) };
  if (status === 429) return new VendorError('UNSENT', { ...details, ...toRetryAfter(headers) });
  const isRefusal = status >= 400 && status < 500 && !undecided.includes(status);
  return new VendorError(isRefusal ? 'REFUSED' : 'UNKNOWN', details);
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); no vendor gives the date form. */
function toRetryAfter(headers: Headers): { retryAfterMs?: number } {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
}
