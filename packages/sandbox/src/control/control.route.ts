import type { FastifyInstance } from 'fastify';
import { acceptEmptyJson } from '../empty-json.ts';
import type { IdentityProviders } from '../identity-providers.ts';
import type { Inbox } from '../inbox/inbox.ts';
import type { MessageCarriers } from '../message-carriers.ts';
import { registerMessagesControl } from '../messages/messages.control.ts';
import type { Paytm } from '../paytm/paytm.ts';
import type { Razorpay } from '../razorpay/razorpay.ts';
import { registerConsentControl } from './consent.route.ts';
import { ControlError } from './control.error.ts';
import { appleKeyBody, parseControl, scenarioBody, stateQuery, webhookBody } from './control.schema.ts';
import type { Faults } from './faults.ts';
import { registerHolds } from './hold.route.ts';
import { registerPayer } from './payer.route.ts';
import { toState } from './state.ts';

export interface ControlParts {
  inbox: Inbox;
  faults: Faults;
  razorpay: Razorpay;
  paytm: Paytm;
  identityProviders: IdentityProviders;
  carriers: MessageCarriers;
}

/** The switches for tests and scripts, below `/control`. No outside party has anything like it. */
export function registerControl(app: FastifyInstance, parts: ControlParts): void {
  const { inbox, faults, razorpay, paytm, identityProviders, carriers } = parts;
  app.setErrorHandler((error, _request, reply) => {
    const answer = toControlError(error);
    return reply.status(answer.status).send(answer.toBody());
  });
  app.setNotFoundHandler(() => {
    throw new ControlError({ status: 404, code: 'NOT_FOUND', field: 'path', rule: 'exists' });
  });
  acceptEmptyJson(app);
  registerPayer(app, parts);
  registerHolds(app, faults.holds);
  registerMessagesControl(app, carriers);
  registerConsentControl(app, identityProviders.consentParties);

  app.get('/state', async (request) => toState(parts, parseControl(stateQuery, request.query)));

  app.post('/reset', async (_request, reply) => {
    razorpay.reset();
    paytm.reset();
    identityProviders.reset();
    carriers.reset();
    faults.clear();
    inbox.clear();
    return reply.status(204).send();
  });

  app.get('/scenario', async () => faults.scenarios.list());
  app.post('/scenario', async (request, reply) => {
    faults.scenarios.add(parseControl(scenarioBody, request.body));
    return reply.status(204).send();
  });
  app.delete('/scenario', async (_request, reply) => {
    faults.scenarios.clear();
    razorpay.webhooks.flushReordered();
    paytm.webhooks.flushReordered();
    return reply.status(204).send();
  });

  app.post('/webhook', async (request) => {
    const { party, url, secret, format } = parseControl(webhookBody, request.body);
    const { webhooks } = party === 'paytm' ? paytm : razorpay;
    if (url !== undefined) webhooks.url = url;
    if (secret !== undefined) razorpay.webhooks.secret = secret;
    if (format !== undefined) paytm.webhookFormat = format;
    return { url: webhooks.url };
  });

  app.post('/apple-key', async (request, reply) => {
    identityProviders.apple.options.publicKey = parseControl(appleKeyBody, request.body).publicKey;
    return reply.status(204).send();
  });
}

function toControlError(error: unknown): ControlError {
  if (error instanceof ControlError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status < 500
    ? new ControlError({ status: 400, code: 'INVALID_INPUT', field: 'body', rule: 'json' })
    : new ControlError({ status: 500, code: 'INTERNAL', field: '', rule: '' });
}
