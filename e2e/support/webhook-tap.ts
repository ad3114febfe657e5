import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between the vendor's webhooks and the product, and loses what a crash would lose. */
export interface WebhookTap extends AsyncDisposable {
  readonly url: string;
  /** Resolves when the first webhook has come in, and was handed on when the tap hands on. All answers are lost. */
  untilLost(): Promise<void>;
}

/** @param handOnTo where the first webhook goes on to before its answer is lost. Absent: it is lost too. */
export async function startWebhookTap(handOnTo?: string): Promise<WebhookTap> {
  const lost = Promise.withResolvers<void>();
  let isFirst = true;
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    if (isFirst && handOnTo) await handOn(handOnTo, request, body).catch(lost.reject);
    isFirst = false;
    lost.resolve();
    response.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    untilLost: () => lost.promise,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function handOn(url: string, { headers }: IncomingMessage, body: Buffer): Promise<void> {
  const names = ['content-type', 'x-razorpay-signature', 'x-razorpay-event-id'];
  const response = await fetch(url, {
    method: 'POST',
    headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])),
    body: new Uint8Array(body),
  });
  if (response.status !== 200) throw new Error(`the product refused the webhook with ${response.status}`);
}
