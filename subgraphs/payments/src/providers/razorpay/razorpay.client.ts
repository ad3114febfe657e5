import { z } from 'zod';
import { createVendorTransport, type VendorTransportOptions } from '../http/vendor.transport.ts';
import type { GatewayHealth } from '../payment-gateway.ts';
import { parseJson, readAnswer } from '../read-answer.ts';

export interface RazorpayCredentials extends VendorTransportOptions {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly keySecret: string;
}

export interface RazorpayCall<Schema extends z.ZodType> {
  /** Default GET. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether Razorpay does it once, however often it is made. Default: a GET is, a POST is not. */
  readonly isIdempotent?: boolean;
  readonly answer: Schema;
}

/** Calls to the Razorpay API (https://razorpay.com/docs/api/). */
export interface RazorpayClient {
  /** @throws VendorError that says what is known. */
  call<Schema extends z.ZodType>(call: RazorpayCall<Schema>): Promise<z.output<Schema>>;
  health(): GatewayHealth;
}

export function createRazorpayClient(credentials: RazorpayCredentials): RazorpayClient {
  const { keyId, keySecret } = credentials;
  const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
  const base = credentials.baseUrl.replace(/\/$/, '');
  const transport = createVendorTransport(credentials);
  return {
    health: transport.health,
    async call({ method = 'GET', path, body, headers, isIdempotent = method === 'GET', answer }) {
      const request = {
        method,
        url: `${base}${path}`,
        headers: { authorization, ...(body && { 'content-type': 'application/json' }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
        isIdempotent,
      };
      return transport.send(request, { read: (text) => readAnswer(answer, text), toRefusalCode });
    },
  };
}

const refusal = z.object({ error: z.object({ code: z.string(), reason: z.string().nullish() }) });

/** Code and reason of Razorpay's error object; the description may hold values (https://razorpay.com/docs/errors/). */
function toRefusalCode(body: string): string | undefined {
  const { data } = refusal.safeParse(parseJson(body));
  return data && [data.error.code, data.error.reason].filter(Boolean).join('/');
}
