import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { createId, fillText, isMobile, type Msg91Template } from './flow.rules.ts';

export interface Msg91Options {
  /** Default `sandbox_auth_key`. */
  authKey?: string;
}

const flowBody = z.object({
  template_id: z.string().optional(),
  flow_id: z.string().optional(),
  recipients: z.array(z.record(z.string(), z.union([z.string(), z.number()]))).min(1),
});

/** A failure, which MSG91 tells in the body, most often of a 200. */
class Msg91Error extends Error {
  readonly status: number;

  constructor(message: string, status = 200) {
    super(message);
    this.status = status;
  }
}

/** MSG91's flow API (https://docs.msg91.com/sms/send-sms) below `/msg91`. */
export class Msg91 {
  private readonly authKey: string;
  private readonly inbox: Inbox;
  private readonly faults: Faults;
  /** The texts that the account has registered, by id. */
  private templates = new Map<string, Msg91Template>();

  constructor(options: Msg91Options, { inbox, faults }: { inbox: Inbox; faults: Faults }) {
    this.authKey = options.authKey ?? 'sandbox_auth_key';
    this.inbox = inbox;
    this.faults = faults;
  }

  /** What an operator does on MSG91's pages, text by text. */
  registerTemplates(templates: readonly Msg91Template[]): void {
    this.templates = new Map(templates.map((template) => [template.id, template]));
  }

  async register(app: FastifyInstance): Promise<void> {
    app.setErrorHandler((error, _request, reply) => {
      const { status, message } = toMsg91Error(error);
      return reply.status(status).send({ type: 'error', message });
    });
    app.setNotFoundHandler(() => {
      throw new Msg91Error('Not found', 404);
    });
    app.addHook('onRequest', async (request) => {
      if (request.headers.authkey !== this.authKey) throw new Msg91Error('Authentication failure', 401);
    });
    addFaultHooks(app, this.faults);
    for (const path of ['/flow', '/flow/'])
      app.post(path, { config: { call: 'msg91.send-flow' } }, async (request) => this.send(request.body));
  }

  private send(raw: unknown): { type: 'success'; message: string } {
    const parsed = flowBody.safeParse(raw);
    if (!parsed.success) throw new Msg91Error('Invalid request body');
    const { template_id: id = parsed.data.flow_id, recipients } = parsed.data;
    const template = this.templates.get(id ?? '');
    if (template === undefined) throw new Msg91Error('Template not found');
    for (const { mobiles } of recipients)
      if (!isMobile(mobiles)) throw new Msg91Error('Please provide valid mobile number');
    for (const { mobiles, ...values } of recipients)
      this.inbox.add({ channel: 'SMS', to: `+${mobiles}`, subject: null, text: fillText(template, values) });
    return { type: 'success', message: createId() };
  }
}

function toMsg91Error(error: unknown): { status: number; message: string } {
  if (error instanceof Msg91Error) return error;
  const isThrottled = error instanceof Error && 'statusCode' in error && error.statusCode === 429;
  return isThrottled
    ? { status: 429, message: 'Too many requests' }
    : { status: 500, message: 'Server error' };
}
