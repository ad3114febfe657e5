import type { FastifyCorsOptions } from '@fastify/cors';
import { isOriginAllowed } from '@suvidha/auth';
import { recommendedVersionHeader } from '../release/version.guard.ts';

/** What a page of another origin may read of an answer, beside its body. */
const exposedHeaders = ['x-request-id', 'retry-after', recommendedVersionHeader];

/** How long a browser may remember what it was told, in seconds. */
const maxAge = 600;

/**
 * Lets pages of these origins call from browsers (https://fetch.spec.whatwg.org/#http-cors-protocol). Tokens travel in
 * headers, so cookies are never asked for.
 */
export function toCorsOptions(allowedOrigins: readonly string[]): FastifyCorsOptions {
  return {
    origin: async (origin: string | undefined) =>
      origin !== undefined && isOriginAllowed(origin, allowedOrigins),
    methods: ['GET', 'POST'],
    exposedHeaders,
    maxAge,
  };
}
