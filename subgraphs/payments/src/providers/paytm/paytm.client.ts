import { z } from 'zod';
import { createVendorTransport, type VendorTransportOptions } from '../http/vendor.transport.ts';
import { type GatewayHealth, VendorError } from '../payment-gateway.ts';
import { readAnswer, readValue } from '../read-answer.ts';
import { signText } from './paytm.checksum.ts';

export interface PaytmCredentials extends VendorTransportOptions {
  /** Paytm's host, such as `https://secure.paytmpayments.com`. */
  readonly baseUrl: string;
  readonly mid: string;
  /** 16 characters each: the one that signs, and while it is being replaced the one before. */
  readonly merchantKeys: readonly [string, ...string[]];
}

export interface PaytmCall<Schema extends z.ZodType> {
  readonly path: string;
  readonly body: object;
  /** Further members of the head. */
  readonly head?: object;
  /** Whether Paytm does it once, however often it is made. */
  readonly isIdempotent: boolean;
  /** The answer's body. */
  readonly answer: Schema;
}

/** Calls to Paytm's APIs (https://www.paytmpayments.com/docs/api/). */
export interface PaytmClient {
  /** @throws VendorError that says what is known. Business refusals are answers: the HTTP status is 200 either way. */
  call<Schema extends z.ZodType>(call: PaytmCall<Schema>): Promise<z.output<Schema>>;
  health(): GatewayHealth;
}

/** How Paytm says what came of a call. */
export const resultInfo = z.object({ resultStatus: z.string(), resultCode: z.string() });

/** `501`: Paytm's own fault. `1005`: the same request is being handled. Neither says what was done. */
const undecidedCodes: readonly string[] = ['501', '1005'];

const envelope = z.object({ body: z.unknown() });
const outcomeOnly = z.object({ resultInfo: resultInfo.optional() });

export function createPaytmClient(credentials: PaytmCredentials): PaytmClient {
  const base = credentials.baseUrl.replace(/\/$/, '');
  const [merchantKey] = credentials.merchantKeys;
  const transport = createVendorTransport(credentials);
  return {
    health: transport.health,
    call: ({ path, body, head, isIdempotent, answer }) =>
      transport.send(
        {
          method: 'POST',
          url: `${base}${path}`,
          headers: { 'content-type': 'application/json' },
          body: toEnvelope(JSON.stringify(body), merchantKey, head),
          isIdempotent,
        },
        { read: (text) => readDecided(answer, text) },
      ),
  };
}

/** @throws VendorError UNKNOWN when Paytm says that it does not know either. */
function readDecided<Schema extends z.ZodType>(answer: Schema, text: string): z.output<Schema> {
  const { body } = readAnswer(envelope, text);
  const code = readValue(outcomeOnly, body).resultInfo?.resultCode ?? '';
  if (undecidedCodes.includes(code)) throw new VendorError('UNKNOWN', { vendorCode: code });
  return readValue(answer, body);
}

/** The body is serialised once: what is signed is what is sent. */
function toEnvelope(body: string, merchantKey: string, head: object = {}): string {
  const signed = JSON.stringify({ version: 'v1', ...head, signature: signText(body, merchantKey) });
  return `{"head":${signed},"body":${body}}`;
}
