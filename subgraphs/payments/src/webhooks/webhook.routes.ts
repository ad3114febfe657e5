import type { Log } from '@suvidha/log';
import type { FastifyPluginAsync } from 'fastify';
import type { PaymentGatewayPort } from '../providers/payment-gateway.ts';
import { returnPage } from './return.page.ts';
import type { WebhookService } from './webhook.service.ts';

const bodyLimitBytes = 256 * 1024;

/** Inbound HTTP of payment vendors. A webhook is acknowledged only when it is stored. */
export function createWebhookRoutes(
  gateway: PaymentGatewayPort,
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
    server.post('/webhooks/razorpay', async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const webhook = gateway.verifyWebhook(body, request.headers);
      if (!webhook) {
        log.warn({ gateway: 'RAZORPAY' }, 'a webhook with a wrong signature was refused');
        return reply.code(400).send({ error: { code: 'SIGNATURE_INVALID' } });
      }
      await webhooks.store({ gateway: 'RAZORPAY', eventId: webhook.eventId, body });
      return reply.code(200).send({ status: 'ok' });
    });
    // The vendor's page sends the browser here with a form; what it says proves nothing and is not read.
    server.route({
      method: ['GET', 'POST'],
      url: '/return',
      handler: async (_request, reply) => reply.type('text/html; charset=utf-8').send(returnPage),
    });
  };
}
