import { VendorError } from './vendor.error.ts';
import { type VendorName, vendorTimeoutMs } from './vendor.ts';

export interface HttpCall {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

export interface HttpAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when it was none. */
  readonly body: unknown;
}

/** One HTTP call to a vendor. Answers whatever status there was; throws when there was none. */
export type HttpCaller = (call: HttpCall) => Promise<HttpAnswer>;

/** Failures of which we know that nothing reached the vendor. */
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** @param timeoutMs for the whole call, the answer's body included */
export function createHttpCaller(vendor: VendorName, timeoutMs: number = vendorTimeoutMs): HttpCaller {
  return async ({ url, method = 'POST', headers = {}, body }) => {
    try {
      const response = await fetch(url, {
        method,
        headers,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      return { status: response.status, body: parseJson(await response.text()) };
    } catch (error) {
      throw toVendorError(vendor, error);
    }
  };
}

/** What an answer without success means where the vendor's own codes say nothing more. */
export function toHttpError(vendor: VendorName, status: number, code: string = String(status)): VendorError {
  const name = `${vendor}_${code}`;
  if (status === 429) return new VendorError('NOT_SENT', name);
  if (status >= 400 && status < 500 && status !== 408) return new VendorError('REFUSED', name);
  return new VendorError('UNKNOWN', name);
}

function toVendorError(vendor: VendorName, error: unknown): VendorError {
  if (error instanceof Error && error.name === 'TimeoutError')
    return new VendorError('UNKNOWN', `${vendor}_TIMEOUT`, error);
  const { code } = (error instanceof Error ? (error.cause ?? {}) : {}) as { code?: unknown };
  const isNotConnected = typeof code === 'string' && notConnected.has(code);
  return new VendorError(
    isNotConnected ? 'NOT_SENT' : 'UNKNOWN',
    isNotConnected ? `${vendor}_NOT_CONNECTED` : `${vendor}_CONNECTION_LOST`,
    error,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
