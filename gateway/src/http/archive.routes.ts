import type { FastifyPluginAsync } from 'fastify';

const timeoutMs = 30_000;
const passedOn = ['content-type', 'content-disposition', 'cache-control', 'referrer-policy'];

/** Clients know the gateway only, so it fetches people's archives from identity; the link says whether one may. */
export function forwardArchives(identityUrl: string): FastifyPluginAsync {
  return async (server) => {
    server.get<{ Params: { exportId: string } }>('/privacy/exports/:exportId', async (request, reply) => {
      const url = new URL(`/privacy/exports/${encodeURIComponent(request.params.exportId)}`, identityUrl);
      url.search = new URL(request.url, identityUrl).search;
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
      for (const name of passedOn) {
        const value = response.headers.get(name);
        if (value !== null) reply.header(name, value);
      }
      return reply.code(response.status).send(Buffer.from(await response.arrayBuffer()));
    });
  };
}
