import type { FastifyInstance } from 'fastify';
import type { LiveSupergraph } from '../supergraph/live-supergraph.ts';

export interface HealthOptions {
  readonly supergraph: LiveSupergraph;
  /** Absent: nothing is revoked here. */
  readonly revocations: { readonly isFresh: boolean } | undefined;
}

/** Liveness: the process runs. Readiness: every subgraph can answer, each by name. */
export async function registerHealth(
  server: FastifyInstance,
  { supergraph, revocations }: HealthOptions,
): Promise<void> {
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const checks = [...supergraph.current.connections].map(
      async ([name, connection]) => [name, await connection.isReady()] as const,
    );
    const subgraphs = Object.fromEntries(await Promise.all(checks));
    const dependencies = { ...subgraphs, ...(revocations && { revocations: revocations.isFresh }) };
    const isReady = Object.values(dependencies).every(Boolean);
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable', dependencies });
  });
}
