import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { renderMessages } from './messages.page.ts';
import type { Previews } from './previews.ts';

const PAGE_POLICY = "default-src 'self'; img-src data:; base-uri 'none'";
/** A mail brings its styles with it; it runs nothing and fetches nothing. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";

const params = z.object({ file: z.string().regex(/^\d{1,4}\.html$/) });

/** The page that shows all messages, and each mail as a document of its own to be framed there. */
export function registerMessages(app: FastifyInstance, previews: Previews): void {
  const css = readFileSync(new URL('./messages.css', import.meta.url), 'utf8');
  app.get('/assets/messages.css', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('text/css; charset=utf-8').send(css),
  );
  app.get('/messages', async (_request, reply) =>
    reply
      .header('content-security-policy', PAGE_POLICY)
      .type('text/html; charset=utf-8')
      .send(renderMessages(previews.list()).text),
  );
  app.get('/messages/:file', async (request, reply) => {
    const { data } = params.safeParse(request.params);
    const mail = data ? previews.findHtml(Number.parseInt(data.file, 10)) : null;
    if (mail === null) return reply.status(404).type('text/plain').send('There is no such mail.');
    return reply.header('content-security-policy', MAIL_POLICY).type('text/html; charset=utf-8').send(mail);
  });
}
