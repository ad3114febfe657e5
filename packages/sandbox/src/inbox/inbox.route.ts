import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Inbox } from './inbox.ts';

// A bare "+" in a query string decodes to a space, so "?to=+91…" typed by hand arrives with one.
const query = z.object({
  to: z
    .string()
    .transform((to) => to.replace(/^ /, '+'))
    .optional(),
});

/** `GET /inbox?to=…`: the messages sent, newest first. */
export function registerInbox(app: FastifyInstance, inbox: Inbox): void {
  app.get('/inbox', async (request) => inbox.list(query.parse(request.query).to));
}
