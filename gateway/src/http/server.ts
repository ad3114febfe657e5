import { randomUUID } from 'node:crypto';
import type { Log } from '@suvidha/log';
import { type FastifyInstance, fastify } from 'fastify';

const bodyLimitBytes = 1024 * 1024;

/** Fastify with our limits. Requests get an id of our own: one that a client chose could be made to collide. */
export function createHttpServer(log: Log): FastifyInstance {
  const server = fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    requestTimeout: 60_000,
  });
  server.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ error, requestId: request.id }, 'unexpected error');
    const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    const message = status >= 500 ? 'Something went wrong on our side.' : 'The request cannot be read.';
    return reply.code(status).send({ errors: [{ message, extensions: { code, requestId: request.id } }] });
  });
  return server;
}
