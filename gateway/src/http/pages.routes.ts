import type { FastifyInstance } from 'fastify';
import { renderExplorer } from './explorer.page.ts';
import { landingPage } from './landing.page.ts';

/** Pages for developers. */
export async function registerPages(server: FastifyInstance): Promise<void> {
  const explorer = renderExplorer();
  server.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(landingPage));
  server.get('/explorer', async (_request, reply) => reply.type('text/html; charset=utf-8').send(explorer));
}
