import { readFileSync } from 'node:fs';
import { UserError } from '@suvidha/errors';
import type { Html } from '@suvidha/html';
import type { Log } from '@suvidha/log';
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment } from '../generated/prisma/client.ts';
import { nameOf } from '../payable/payable.name.ts';
import { canBePaid } from '../payment/payment-status.rules.ts';
import { type BrowserCheckout, type ConfirmationFields, VendorError } from '../providers/payment-gateway.ts';
import {
  type CheckoutView,
  renderCheckoutPage,
  renderClosedPage,
  renderProblemPage,
} from './checkout.page.ts';
import { checkoutPath, qrCodeImage, toCallbackPath } from './checkout.paths.ts';
import { drawQrCode } from './qr-code.image.ts';

/** Larger than any result of a vendor's checkout. */
const bodyLimitBytes = 16 * 1024;

export interface CheckoutRoutesDependencies {
  readonly gateways: Gateways;
  /** Finds the payment whose order at the vendor this is. */
  readonly findPayment: (vendorOrderId: string) => Promise<Payment | null>;
  /** @throws UserError PAYMENT_SIGNATURE_INVALID when the vendor did not sign it for this payment. */
  readonly confirm: (payment: Payment, fields: ConfirmationFields) => Promise<Payment>;
  readonly merchantName: string;
  readonly log: Log;
}

const fieldsSchema = z.record(z.string().max(100), z.string().max(4_000));

type OrderPath = { Params: { orderId: string } };

/** A payment that is paid on a page. */
type PagePayment = Payment & { readonly returnUrl: string };

/**
 * The page that `Payment.checkoutUrl` leads to, and where vendors' checkouts send their results. Who knows the order's
 * id may see the amount and pay it: the id cannot be guessed, and is only given to the payer.
 */
export function createCheckoutRoutes(dependencies: CheckoutRoutesDependencies): FastifyPluginAsync {
  const { gateways, findPayment, log } = dependencies;
  const findPagePayment = async (orderId: string) => {
    const payment = await findPayment(orderId);
    return payment && isPaidOnPage(payment) ? payment : null;
  };
  return async (server) => {
    setParsers(server);
    setErrors(server, log);
    registerAssets(server);

    server.get<OrderPath>(`${checkoutPath}/:orderId/${qrCodeImage}`, async (request, reply) => {
      const payment = await findPayment(request.params.orderId);
      if (payment?.status !== 'PENDING' || payment.qrUpiUri === null)
        return reply.code(404).send({ error: { code: 'NOT_FOUND' } });
      return sendImage(reply, drawQrCode(payment.qrUpiUri));
    });

    server.get<OrderPath>(`${checkoutPath}/:orderId`, async (request, reply) => {
      const payment = await findPagePayment(request.params.orderId);
      if (!payment) return sendPage(reply, 404, renderProblemPage(notFound));
      return sendCheckout(dependencies, payment, reply);
    });

    server.post<OrderPath>(`${checkoutPath}/:orderId/result`, async (request, reply) => {
      const payment = await findPagePayment(request.params.orderId);
      if (!payment) return reply.code(404).send({ error: { code: 'NOT_FOUND' } });
      const { data } = fieldsSchema.safeParse(request.body);
      if (!data) return reply.code(400).send({ error: { code: 'INVALID_INPUT' } });
      const { status } = await dependencies.confirm(payment, data);
      return { status };
    });

    for (const gateway of gateways.all())
      server.post(toCallbackPath(gateway.terms.name), async (request, reply) => {
        const fields = fieldsSchema.safeParse(request.body).data ?? {};
        const orderId = gateway.findCallbackOrder(fields);
        const payment = orderId ? await findPagePayment(orderId) : null;
        if (payment?.gateway !== gateway.terms.name)
          return sendPage(reply, 400, renderProblemPage(unconfirmed));
        await dependencies.confirm(payment, fields);
        return reply.redirect(payment.returnUrl, 303);
      });
  };
}

async function sendCheckout(
  { gateways, merchantName, log }: CheckoutRoutesDependencies,
  payment: PagePayment,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const view = toView(payment, merchantName);
  if (!canBePaid(payment.status)) return sendPage(reply, 200, renderClosedPage(view, 'PAID'));
  if (isOver(payment)) return sendPage(reply, 200, renderClosedPage(view, 'OVER'));
  try {
    const checkout = await gateways.get(payment.gateway).getBrowserCheckout(toOrder(payment));
    return sendPage(reply, 200, renderCheckoutPage(view, checkout), checkout);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    log.warn({ paymentId: payment.id, outcome: error.outcome, error }, 'the checkout could not be opened');
    return sendPage(reply, 503, renderProblemPage(unavailable));
  }
}

function isPaidOnPage(payment: Payment): payment is PagePayment {
  return payment.returnUrl !== null;
}

/** Money may still come for it, but nobody is to be asked for more. */
function isOver({ status }: Payment): boolean {
  return status === 'CANCELLED' || status === 'EXPIRED';
}

function toOrder(payment: Payment) {
  return {
    paymentId: payment.id,
    vendorOrderId: payment.vendorOrderId ?? payment.id,
    amountMinor: Number(payment.amountMinor),
    currency: payment.currency,
  };
}

function toView(payment: PagePayment, merchantName: string): CheckoutView {
  const { id, amountMinor, currency, returnUrl } = payment;
  const format = new Intl.NumberFormat('en-IN', { style: 'currency', currency });
  const amount = format.format(
    Number(amountMinor) / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2),
  );
  return { merchantName, subject: nameOf(payment), amount, reference: id, returnUrl };
}

/** Only what one page needs: its own files, the vendor's script and frames, or a form to the vendor. */
function toPolicy(checkout: BrowserCheckout | undefined): string {
  const sources = checkout?.kind === 'SCRIPT' ? ` ${checkout.sources.join(' ')}` : '';
  const form = checkout?.kind === 'FORM' ? new URL(checkout.action).origin : "'none'";
  return [
    "default-src 'none'",
    `script-src 'self'${sources}`,
    // The vendor's script styles its overlay with elements of its own.
    `style-src 'self'${sources && " 'unsafe-inline'"}`,
    `img-src 'self' data:${sources}`,
    `connect-src 'self'${sources}`,
    `frame-src${sources || " 'none'"}`,
    `form-action ${form}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function sendPage(reply: FastifyReply, status: number, page: Html, checkout?: BrowserCheckout): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', toPolicy(checkout))
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'origin')
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8')
    .send(page.text);
}

/** Kiosks show it from wherever their own page comes. */
function sendImage(reply: FastifyReply, svg: string): FastifyReply {
  return reply
    .header('content-security-policy', "default-src 'none'")
    .header('cache-control', 'no-store')
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('x-content-type-options', 'nosniff')
    .type('image/svg+xml')
    .send(svg);
}

function setParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: bodyLimitBytes } as const;
  server.addContentTypeParser('application/json', options, server.getDefaultJsonParser('error', 'error'));
  server.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}

function setErrors(server: FastifyInstance, log: Log): void {
  server.setErrorHandler<FastifyError | UserError>((error, request, reply) => {
    const isCallback = request.url.includes(`${checkoutPath}/callback/`);
    if (error instanceof UserError) {
      return isCallback
        ? sendPage(reply, 400, renderProblemPage(unconfirmed))
        : reply.code(400).send({ error: { code: error.code } });
    }
    const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
    if (status >= 500) log.error({ error }, 'unexpected error at checkout');
    const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    return reply.code(status).send({ error: { code } });
  });
}

const assets = {
  'checkout.js': 'text/javascript; charset=utf-8',
  'leave.js': 'text/javascript; charset=utf-8',
  'checkout.css': 'text/css; charset=utf-8',
} as const;

function registerAssets(server: FastifyInstance): void {
  for (const [name, type] of Object.entries(assets)) {
    const content = readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');
    server.get(`${checkoutPath}/assets/${name}`, async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .header('x-content-type-options', 'nosniff')
        .type(type)
        .send(content),
    );
  }
}

const notFound = { title: 'Payment not found', text: 'This link is not valid. Start again in the app.' };
const unavailable = {
  title: 'The payment page is not available',
  text: 'The payment gateway does not answer. Nothing was taken: load this page again in a moment.',
};
const unconfirmed = {
  title: 'The payment could not be confirmed',
  text: 'What came back was not signed for this payment. If you have paid, the app shows it as soon as the bank has said so.',
};
