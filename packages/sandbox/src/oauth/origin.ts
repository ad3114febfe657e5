import type { FastifyRequest } from 'fastify';

/** The address under which the caller reached this sandbox: it stands in what providers say about themselves. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
