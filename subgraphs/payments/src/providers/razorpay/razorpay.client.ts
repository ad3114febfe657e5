import { VendorError } from '../payment-gateway.ts';

export interface RazorpayCredentials {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly keySecret: string;
  /** Default 10 000: longer than Razorpay's own slow answers, shorter than a person waits. */
  readonly timeoutMs?: number;
}

export interface RazorpayCall {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call to the Razorpay API. A 4xx is a refusal; whatever else goes wrong leaves the outcome unknown. */
export type RazorpayClient = (call: RazorpayCall) => Promise<unknown>;

export function createRazorpayClient({
  baseUrl,
  keyId,
  keySecret,
  timeoutMs = 10_000,
}: RazorpayCredentials): RazorpayClient {
  const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
  const base = baseUrl.replace(/\/$/, '');
  return async ({ method = 'GET', path, body, headers }) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new VendorError('UNKNOWN', { cause });
    });
    if (response.ok) return readJson(response);
    await response.body?.cancel();
    const isRefusal =
      response.status >= 400 && response.status < 500 && ![408, 409, 429].includes(response.status);
    throw new VendorError(isRefusal ? 'REFUSED' : 'UNKNOWN', { status: response.status });
  };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new VendorError('UNKNOWN', { cause });
  }
}
