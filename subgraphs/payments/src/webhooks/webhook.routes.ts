import type { Log } from '@suvidha/log';
import type { FastifyError, FastifyPluginAsync } from 'fastify';
import type { Gateways } from '../gateway/gateways.ts';
import type { WebhookService } from './webhook.service.ts';

const bodyLimitBytes = 256 * 1024;

/** Inbound HTTP of payment vendors. A webhook is acknowledged only when it is stored. */
export function createWebhookRoutes(
  gateways: Gateways,
  webhooks: WebhookService,
  log: Log,
): FastifyPluginAsync {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: bodyLimitBytes },
      (_request, body, done) => done(null, body),
    );
    server.setErrorHandler<FastifyError>((error, _request, reply) => {
      const status = error.statusCode ?? 500;
      if (status < 500) return reply.code(status).send({ error: { code: 'BAD_REQUEST' } });
      log.error({ error }, 'a webhook could not be stored');
      return reply.code(500).send({ error: { code: 'INTERNAL_SERVER_ERROR' } });
    });
    for (const gateway of gateways.all()) {
      const { name } = gateway.terms;
      server.post(`/webhooks/${name.toLowerCase()}`, async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const webhook = gateway.verifyWebhook(body, request.headers);
        if (!webhook) {
          log.error(
            { alert: 'webhook-forged', gateway: name },
            'a webhook with a wrong signature was refused',
          );
          return reply.code(400).send({ error: { code: 'SIGNATURE_INVALID' } });
        }
        await webhooks.store({ gateway: name, eventId: webhook.eventId, body });
        return reply.code(200).send({ status: 'ok' });
      });
    }
  };
}
