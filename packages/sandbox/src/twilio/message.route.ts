import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isBasicAuth } from '../basic-auth.ts';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { type MessageResource, Messages } from './message.resource.ts';
import { findRefusal, type MessageForm } from './message.rules.ts';
import { TwilioError, twilioErrors } from './twilio.error.ts';

export interface TwilioCredentials {
  accountSid: string;
  authToken: string;
}

const text = z.string().catch('');
const form = z.object({ To: text, From: text, MessagingServiceSid: text, Body: text });
const listQuery = z.object({
  To: z
    .string()
    .transform((to) => to.replace(/^ /, '+'))
    .optional(),
  PageSize: z.coerce.number().int().min(1).max(1000).catch(50),
  Page: z.coerce.number().int().min(0).catch(0),
});
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
    const answer = toTwilioError(error);
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
  app.get(`${base}/Messages.json`, { config: { call: 'twilio.list-messages' } }, async (request) =>
    toPage(request.url, messages, listQuery.parse(request.query)),
  );
  app.get(`${base}/Messages/:file`, { config: { call: 'twilio.fetch-message' } }, async (request) => {
    const { file } = path.parse(request.params);
    const message = messages.find(file.replace(/\.json$/, ''));
    if (message === null) throw twilioErrors.notFound(request.url);
    return toDelivered(message);
  });
}

/** One page of the message log (https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging). */
function toPage(
  url: string,
  messages: Messages,
  { To: to, PageSize: size, Page: page }: z.output<typeof listQuery>,
): Record<string, unknown> {
  const all = messages.list(to);
  const start = page * size;
  const uri = (number: number) => {
    const next = new URL(url.replace(/^\/twilio/, ''), 'http://twilio');
    next.searchParams.set('PageSize', String(size));
    next.searchParams.set('Page', String(number));
    return `${next.pathname}${next.search}`;
  };
  return {
    messages: all.slice(start, start + size).map(toDelivered),
    page,
    page_size: size,
    start,
    end: Math.min(start + size, all.length) - 1,
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: start + size < all.length ? uri(page + 1) : null,
    previous_page_uri: page === 0 ? null : uri(page - 1),
  };
}

function toDelivered(message: MessageResource): MessageResource {
  return { ...message, status: 'delivered', date_sent: message.date_created };
}

function toTwilioError(error: unknown): TwilioError {
  if (error instanceof TwilioError) return error;
  const isThrottled = error instanceof Error && 'statusCode' in error && error.statusCode === 429;
  return isThrottled ? twilioErrors.tooManyRequests() : twilioErrors.internal();
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
