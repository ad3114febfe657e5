import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { resetPasswordPage, verifyEmailPage } from './email-link.pages.ts';
import { toFirstJourney } from './first-journey.tabs.ts';
import { landingPage } from './landing.page.ts';
import { returnPage } from './return.page.ts';

export interface PagesOptions {
  /** Whether the graph is our own, which the first journey leads through. */
  readonly isOwnGraph: boolean;
}

const returnPath = '/payments/return';

/** Pages for developers, and the page a payer without a client app comes back to. */
export async function registerPages(server: FastifyInstance, { isOwnGraph }: PagesOptions): Promise<void> {
  server.get('/', async (_request, reply) => sendPage(reply, landingPage));
  server.get('/explorer', async (request, reply) => {
    // Loaded when it is asked for: it is large, and in production hardly anybody does.
    const { renderExplorer } = await import('./explorer.page.ts');
    const tabs = isOwnGraph ? toFirstJourney(`${originOf(request)}${returnPath}`) : [];
    return sendPage(reply, renderExplorer(tabs));
  });
  if (!isOwnGraph) return;
  server.get('/verify-email', async (_request, reply) => sendPage(reply, verifyEmailPage));
  server.get('/reset-password', async (_request, reply) => sendPage(reply, resetPasswordPage));
  await server.register(registerReturnPage);
}

/** The vendor's page sends the browser here with a form; what it says proves nothing and is not read. */
async function registerReturnPage(server: FastifyInstance): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, body, done) => {
    body.resume();
    done(null);
  });
  server.route({
    method: ['GET', 'POST'],
    url: returnPath,
    handler: async (_request, reply) => sendPage(reply, returnPage),
  });
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page);
}

function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
