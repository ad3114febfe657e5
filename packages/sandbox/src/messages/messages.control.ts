import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseControl } from '../control/control.schema.ts';
import type { MessageCarriers } from '../message-carriers.ts';
import { preview } from './previews.ts';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

const previewsBody = z.strictObject({ previews: z.array(preview).max(1000) });

const templatesBody = z.strictObject({
  templates: z.array(z.strictObject({ id: z.string().min(1), text: z.string().min(1) })).max(1000),
});

/**
 * `PUT /control/previews`: the messages to look at. `PUT /control/msg91-templates`: the texts registered at MSG91.
 * `GET /control/mails`: the mails that arrived, with what the inbox does not show of them.
 */
export function registerMessagesControl(
  app: FastifyInstance,
  { previews, msg91, mails }: MessageCarriers,
): void {
  app.get('/mails', async () => mails.list());
  const options = { bodyLimit: BODY_LIMIT_BYTES };
  app.put('/previews', options, async (request, reply) => {
    previews.replace(parseControl(previewsBody, request.body).previews);
    return reply.status(204).send();
  });
  app.put('/msg91-templates', options, async (request, reply) => {
    msg91.registerTemplates(parseControl(templatesBody, request.body).templates);
    return reply.status(204).send();
  });
}
