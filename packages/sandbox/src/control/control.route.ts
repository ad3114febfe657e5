import type { FastifyInstance } from 'fastify';
import { acceptEmptyJson } from '../empty-json.ts';
import type { Inbox } from '../inbox/inbox.ts';
import type { Razorpay } from '../razorpay/razorpay.ts';
import { ControlError } from './control.error.ts';
import { parseControl, scenarioBody, stateQuery, webhookBody } from './control.schema.ts';
import type { Faults } from './faults.ts';
import { registerHolds } from './hold.route.ts';
import { registerPayer } from './payer.route.ts';
import { toState } from './state.ts';

export interface ControlParts {
  inbox: Inbox;
  faults: Faults;
  razorpay: Razorpay;
}

/** The switches for tests and scripts, below `/control`. No outside party has anything like it. */
export function registerControl(app: FastifyInstance, parts: ControlParts): void {
  const { inbox, faults, razorpay } = parts;
  app.setErrorHandler((error, _request, reply) => {
    const answer = toControlError(error);
    return reply.status(answer.status).send(answer.toBody());
  });
  app.setNotFoundHandler(() => {
    throw new ControlError({ status: 404, code: 'NOT_FOUND', field: 'path', rule: 'exists' });
  });
  acceptEmptyJson(app);
  registerPayer(app, razorpay);
  registerHolds(app, faults.holds);

  app.get('/state', async (request) => toState(parts, parseControl(stateQuery, request.query)));

  app.post('/reset', async (_request, reply) => {
    razorpay.reset();
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
    return reply.status(204).send();
  });

  app.post('/webhook', async (request) => {
    const { webhooks } = razorpay;
    const { url = webhooks.subscription.url, secret = webhooks.subscription.secret } = parseControl(
      webhookBody,
      request.body,
    );
    webhooks.subscription = { url, secret };
    return { url };
  });
}

function toControlError(error: unknown): ControlError {
  if (error instanceof ControlError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status < 500
    ? new ControlError({ status: 400, code: 'INVALID_INPUT', field: 'body', rule: 'json' })
    : new ControlError({ status: 500, code: 'INTERNAL', field: '', rule: '' });
}
