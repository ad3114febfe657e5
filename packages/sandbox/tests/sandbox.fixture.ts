import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/index.ts';

export const credentials = {
  razorpay: {
    keyId: 'rzp_test_sandbox',
    keySecret: 'sandbox_key_secret',
    webhookSecret: 'sandbox_webhook_secret',
  },
  twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'sandbox_auth_token' },
};

export function startSandbox(razorpay: Partial<SandboxOptions['razorpay']> = {}): Promise<Sandbox> {
  return createSandbox({ port: 0, ...credentials, razorpay: { ...credentials.razorpay, ...razorpay } });
}

// biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field
export type Json = any;

export interface Answer {
  status: number;
  body: Json;
}

export async function call(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Answer> {
  const { body, headers, signal } = options;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const content = await response.text();
  return { status: response.status, body: content === '' ? null : JSON.parse(content) };
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Calls Razorpay's API with the merchant's key. */
export function razorpayOf(sandbox: Sandbox) {
  const authorization = basic(credentials.razorpay.keyId, credentials.razorpay.keySecret);
  const request =
    (method: string) =>
    (
      path: string,
      body?: unknown,
      options: { headers?: Record<string, string>; signal?: AbortSignal } = {},
    ) =>
      call(method, `${sandbox.url}/razorpay/v1${path}`, {
        body,
        headers: { authorization, ...options.headers },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
  return { get: request('GET'), post: request('POST'), patch: request('PATCH') };
}

export function controlOf(sandbox: Sandbox) {
  const request = (method: string) => (path: string, body?: unknown) =>
    call(method, `${sandbox.url}/control${path}`, { body });
  return { get: request('GET'), post: request('POST'), delete: request('DELETE') };
}

export async function createOrder(sandbox: Sandbox, more: Record<string, unknown> = {}): Promise<Json> {
  const order = { amount: 50_000, currency: 'INR', ...more };
  return (await razorpayOf(sandbox).post('/orders', order)).body;
}

export function checkoutUrlOf(sandbox: Sandbox, order: { id: string }): string {
  return `${sandbox.url}/razorpay/checkout/${order.id}`;
}

/** A new order, paid; answers what the payer's click does. */
export async function createPaid(sandbox: Sandbox, more: Record<string, unknown> = {}): Promise<Json> {
  const order = await createOrder(sandbox, more);
  const click = { checkoutUrl: checkoutUrlOf(sandbox, order), outcome: 'success' };
  return (await controlOf(sandbox).post('/pay', click)).body;
}

export interface ReceivedWebhook {
  headers: IncomingHttpHeaders;
  raw: string;
  body: Json;
}

/** A merchant's webhook endpoint. It answers with the given statuses in turn, then 200; null never answers. */
export class Receiver implements AsyncDisposable {
  readonly received: ReceivedWebhook[] = [];
  /** While it is, it hangs up on whoever calls. */
  isDown = false;
  private readonly statuses: (number | null)[];
  private readonly server: Server;
  private changed = Promise.withResolvers<void>();

  private constructor(statuses: (number | null)[]) {
    this.statuses = [...statuses];
    this.server = createServer(async (request, response) => {
      if (this.isDown) return void request.destroy();
      const raw = await text(request);
      this.received.push({
        headers: request.headers,
        raw,
        body: raw.startsWith('{') ? JSON.parse(raw) : null,
      });
      const status = this.statuses.length === 0 ? 200 : this.statuses.shift();
      if (typeof status === 'number') response.writeHead(status).end();
      this.changed.resolve();
      this.changed = Promise.withResolvers<void>();
    });
  }

  static async start(statuses: (number | null)[] = []): Promise<Receiver> {
    const receiver = new Receiver(statuses);
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/webhooks/razorpay`;
  }

  events(): string[] {
    return this.received.map(({ body }) => body.event);
  }

  /** Returns when at least so many webhooks have come. */
  async waitFor(count: number): Promise<void> {
    while (this.received.length < count) await this.changed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Reads the state until it is as wanted. */
export async function waitForState(sandbox: Sandbox, isWanted: (state: Json) => boolean): Promise<Json> {
  for (;;) {
    const { body } = await controlOf(sandbox).get('/state');
    if (isWanted(body)) return body;
  }
}
