import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isBasicAuth } from '../basic-auth.ts';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { Messages } from './message.resource.ts';
import { findRefusal, type MessageForm } from './message.rules.ts';
import { TwilioError, twilioErrors } from './twilio.error.ts';

export interface TwilioCredentials {
  accountSid: string;
  authToken: string;
}

const text = z.string().catch('');
const form = z.object({ To: text, From: text, MessagingServiceSid: text, Body: text });
const path = z.object({ accountSid: text, file: text });

/** Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource) below `/twilio`. */
export async function registerTwilio(
  app: FastifyInstance,
  options: { credentials: TwilioCredentials; inbox: Inbox; faults: Faults },
): Promise<void> {
  const { accountSid, authToken } = options.credentials;
  const messages = new Messages(accountSid);
  await app.register(formbody);
  app.setErrorHandler((error, _request, reply) => {
    const answer = error instanceof TwilioError ? error : twilioErrors.internal();
    return reply.status(answer.status).send(answer.toBody());
  });
  app.setNotFoundHandler((request) => {
    throw twilioErrors.notFound(request.url);
  });
  app.addHook('onRequest', async (request) => {
    const isKnown = isBasicAuth(request.headers.authorization, { user: accountSid, password: authToken });
    if (!isKnown) throw twilioErrors.unauthenticated();
    if (!request.is404 && path.parse(request.params).accountSid !== accountSid)
      throw twilioErrors.unauthenticated();
  });
  addFaultHooks(app, options.faults);

  const base = '/2010-04-01/Accounts/:accountSid';
  app.post(`${base}/Messages.json`, { config: { call: 'twilio.send-message' } }, async (request, reply) => {
    const fields = toForm(request.body);
    const refusal = findRefusal(fields);
    if (refusal !== null) throw refusal;
    const message = messages.create(fields);
    options.inbox.add({ channel: 'SMS', to: fields.to, subject: null, text: fields.body });
    return reply.status(201).send(message);
  });
  app.get(`${base}/Messages/:file`, { config: { call: 'twilio.fetch-message' } }, async (request) => {
    const { file } = path.parse(request.params);
    const message = messages.find(file.replace(/\.json$/, ''));
    if (message === null) throw twilioErrors.notFound(request.url);
    return { ...message, status: 'delivered', date_sent: message.date_created };
  });
}

function toForm(body: unknown): MessageForm {
  const fields = form.parse(body ?? {});
  return {
    to: fields.To.trim(),
    from: fields.From.trim(),
    messagingServiceSid: fields.MessagingServiceSid,
    body: fields.Body,
  };
}
