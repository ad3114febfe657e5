import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { isBasicAuth } from '../basic-auth.ts';
import type { Faults } from '../control/faults.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import { acceptEmptyJson } from '../empty-json.ts';
import type { WebhookTiming } from '../webhooks/delivery.queue.ts';
import { Account, type Payment } from './account.ts';
import { Bank } from './bank.ts';
import type { CallbackFields } from './checkout.page.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { registerOrders } from './order.route.ts';
import { registerPayments } from './payment.route.ts';
import { registerQrCodes } from './qr-code.route.ts';
import { QrCodes } from './qr-codes.ts';
import { RazorpayError, razorpayErrors } from './razorpay.error.ts';
import { registerRefunds } from './refund.route.ts';
import { Refunds } from './refunds.ts';
import { signPayment } from './signature.ts';
import { Webhooks } from './webhooks.ts';

export interface RazorpayOptions {
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  /** Where events go; without it none are sent until one is set through the control API. */
  webhookUrl?: string | undefined;
  /** Shorter waits, for tests. Default: 5 s for the receiver, pauses of 200 ms to 5 s, 24 hours in all. */
  webhookTiming?: Partial<WebhookTiming> | undefined;
  /** Shown on the checkout page. Default `Suvidha`. */
  merchantName?: string | undefined;
}

/** The parts of an imitated Razorpay: one merchant's account, its money and its events. */
export class Razorpay {
  readonly account = new Account();
  readonly webhooks: Webhooks;
  readonly bank: Bank;
  readonly refunds: Refunds;
  readonly qrCodes: QrCodes;
  readonly keys = new IdempotencyKeys();
  readonly keySecret: string;
  readonly merchantName: string;
  private readonly keyId: string;
  private readonly faults: Faults;

  constructor(options: RazorpayOptions, context: { faults: Faults; log: (line: object) => void }) {
    this.keyId = options.keyId;
    this.keySecret = options.keySecret;
    this.merchantName = options.merchantName ?? 'Suvidha';
    this.faults = context.faults;
    this.webhooks = new Webhooks({
      accountId: this.account.id,
      url: options.webhookUrl ?? null,
      secret: options.webhookSecret,
      timing: options.webhookTiming,
      ...context,
    });
    this.bank = new Bank(this.account, this.webhooks);
    this.qrCodes = new QrCodes(this);
    this.refunds = new Refunds({ account: this.account, webhooks: this.webhooks, faults: context.faults });
  }

  /** The REST API; register below `/razorpay/v1`. */
  registerApi(app: FastifyInstance): void {
    app.setErrorHandler((error, _request, reply) => {
      const answer = toRazorpayError(error);
      return reply.status(answer.status).send(answer.toBody());
    });
    app.setNotFoundHandler(() => {
      throw razorpayErrors.urlNotFound();
    });
    app.addHook('onRequest', async (request) => {
      const credentials = { user: this.keyId, password: this.keySecret };
      if (!isBasicAuth(request.headers.authorization, credentials)) throw razorpayErrors.unauthenticated();
    });
    acceptEmptyJson(app);
    // Its own SDK posts an empty form where a call has no parameters.
    app.register(formbody);
    addFaultHooks(app, this.faults);
    registerOrders(app, this.account);
    registerQrCodes(app, this);
    registerPayments(app, this);
    registerRefunds(app, this);
  }

  /** What checkout hands to the merchant's page for a payment, signed; wrongly when a scenario says so. */
  toSignedCallback(payment: Payment): CallbackFields {
    const fault = this.faults.scenarios.take({ call: 'razorpay.confirm-payment', step: 'before' });
    const secret = fault === null ? this.keySecret : `not ${this.keySecret}`;
    return {
      razorpay_payment_id: payment.id,
      razorpay_order_id: payment.orderId ?? '',
      razorpay_signature: signPayment({ orderId: payment.orderId ?? '', paymentId: payment.id }, secret),
    };
  }

  /** Back to an account in which nothing has happened; the webhook address stays. */
  reset(): void {
    this.webhooks.clear();
    this.refunds.stop();
    this.account.clear();
    this.keys.clear();
  }
}

function toRazorpayError(error: unknown): RazorpayError {
  if (error instanceof RazorpayError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  if (status === 429) return razorpayErrors.tooManyRequests();
  const isClientFault = typeof status === 'number' && status >= 400 && status < 500;
  return isClientFault
    ? razorpayErrors.invalid('The request could not be read.', 'body')
    : razorpayErrors.serverError();
}
