import Fastify, { type FastifyInstance } from 'fastify';
import { registerControl } from './control/control.route.ts';
import { Faults } from './control/faults.ts';
import { type IdentityProviderOptions, IdentityProviders } from './identity-providers.ts';
import { registerInbox } from './inbox/inbox.route.ts';
import { Inbox } from './inbox/inbox.ts';
import { MessageCarriers } from './message-carriers.ts';
import type { Msg91Options } from './msg91/msg91.ts';
import { registerPages } from './pages/pages.route.ts';
import { registerCheckout as registerPaytmCheckout } from './paytm/checkout.route.ts';
import { registerPaytmApi } from './paytm/paytm.api.ts';
import { examplePaytm, Paytm, type PaytmOptions } from './paytm/paytm.ts';
import { registerCheckout } from './razorpay/checkout.route.ts';
import { registerQrCodeImages } from './razorpay/qr-code.route.ts';
import { registerRazorpayApi } from './razorpay/razorpay.api.ts';
import { Razorpay, type RazorpayOptions } from './razorpay/razorpay.ts';
import { createMailServer } from './smtp/mail.server.ts';
import { registerTwilio, type TwilioCredentials } from './twilio/message.route.ts';

export interface SandboxOptions {
  /** HTTP port; 0 takes a free one. */
  port: number;
  /** Default `127.0.0.1`: the inbox shows one-time passwords, so nobody else should reach it. */
  host?: string;
  /** SMTP port; default 0, a free one. */
  smtpPort?: number;
  razorpay: RazorpayOptions;
  /** Default: a merchant whose key protects nothing. */
  paytm?: Partial<PaytmOptions>;
  twilio: TwilioCredentials;
  msg91?: Msg91Options;
  /** Google, Facebook, Apple and Descope. Default: each with credentials of its own. */
  identityProviders?: IdentityProviderOptions;
  /** Gets one object per webhook attempt. Default: nowhere. */
  log?: (line: object) => void;
}

export interface Sandbox extends AsyncDisposable {
  /** Without a slash at the end. Each party lives below its own name, such as `/razorpay`. */
  url: string;
  smtpPort: number;
  /** Ends every connection, timer and pending webhook. */
  close(): Promise<void>;
}

/**
 * Starts one process-wide imitation of every outside party over real HTTP and SMTP, with its state in memory.
 *
 * @throws Error with `code: 'EADDRINUSE'` when a port is taken; then nothing is left running
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  const faults = new Faults();
  const inbox = new Inbox();
  const context = { faults, log: options.log ?? (() => undefined) };
  const razorpay = new Razorpay(options.razorpay, context);
  const paytm = new Paytm({ ...examplePaytm, ...options.paytm }, context);
  const carriers = new MessageCarriers(options, { faults, inbox });
  const mail = await createMailServer({
    host,
    port: options.smtpPort ?? 0,
    inbox,
    mails: carriers.mails,
    faults,
  });
  const identityProviders = new IdentityProviders(options.identityProviders ?? {}, { faults, inbox });
  const app = await createApp({
    faults,
    inbox,
    razorpay,
    paytm,
    identityProviders,
    carriers,
    twilio: options.twilio,
  });
  const close = async () => {
    razorpay.reset();
    paytm.reset();
    await Promise.all([app.close(), mail.close()]);
  };
  try {
    const url = await app.listen({ host, port: options.port });
    return { url, smtpPort: mail.port, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createApp(parts: {
  faults: Faults;
  inbox: Inbox;
  razorpay: Razorpay;
  paytm: Paytm;
  identityProviders: IdentityProviders;
  carriers: MessageCarriers;
  twilio: TwilioCredentials;
}): Promise<FastifyInstance> {
  const { faults, inbox, razorpay, paytm, identityProviders, carriers } = parts;
  // Held requests would keep a graceful close waiting for ever.
  const app = Fastify({ forceCloseConnections: true });
  registerInbox(app, inbox);
  registerPages(app);
  await app.register(
    async (scope) => registerControl(scope, { faults, inbox, razorpay, paytm, identityProviders, carriers }),
    {
      prefix: '/control',
    },
  );
  await app.register(async (scope) => registerCheckout(scope, razorpay));
  registerQrCodeImages(app, razorpay);
  await app.register(async (scope) => registerPaytmCheckout(scope, paytm));
  await app.register(async (scope) => registerPaytmApi(scope, paytm), { prefix: '/paytm' });
  await app.register(async (scope) => registerRazorpayApi(scope, razorpay), { prefix: '/razorpay/v1' });
  await app.register(async (scope) => registerTwilio(scope, { credentials: parts.twilio, inbox, faults }), {
    prefix: '/twilio',
  });
  await identityProviders.register(app);
  await carriers.register(app);
  return app;
}
