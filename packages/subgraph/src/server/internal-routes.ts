import { type CallIdentity, identityHeader, verifyIdentity } from '@suvidha/auth';
import { parseEvent } from '@suvidha/events';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SubgraphApp } from './app.ts';
import type { GraphQLCall } from './executor.ts';

interface InternalOptions {
  readonly app: SubgraphApp;
  readonly internalSecret: string;
}

/** Routes for our own processes only: each call carries an identity signed over its exact bytes. */
export async function registerInternalRoutes(
  server: FastifyInstance,
  options: InternalOptions,
): Promise<void> {
  const { app, internalSecret } = options;
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  const identify = (request: FastifyRequest): CallIdentity | null =>
    verifyIdentity(internalSecret, String(request.headers[identityHeader] ?? ''), {
      audience: app.name,
      operation: String(request.body),
    });

  server.post('/graphql', async (request, reply) => {
    const identity = identify(request);
    if (!identity) return reply.code(401).send({ errors: [refusal] });
    return app.execute(JSON.parse(String(request.body)) as GraphQLCall, identity);
  });

  server.post('/internal/events', async (request, reply) => {
    const identity = identify(request);
    if (identity?.actor.kind !== 'service') return reply.code(401).send({ errors: [refusal] });
    await app.consume(parseEvent(JSON.parse(String(request.body))));
    return reply.code(204).send();
  });

  for (const [name, call] of Object.entries(app.calls))
    server.post(`/internal/${name}`, async (request, reply) => {
      if (identify(request)?.actor.kind !== 'service') return reply.code(401).send({ errors: [refusal] });
      return call(JSON.parse(String(request.body)));
    });

  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const health = await app.health();
    const isReady = Object.values(health).every(Boolean);
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ok' : 'unavailable', dependencies: health });
  });
}

const refusal = {
  message: 'This service answers the gateway only.',
  extensions: { code: 'UNAUTHENTICATED' },
};
