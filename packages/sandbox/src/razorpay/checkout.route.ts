import { randomBytes } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Html } from '../pages/html.ts';
import type { Payment } from './account.ts';
import {
  type CallbackFields,
  type CheckoutView,
  renderPaidPage,
  renderPaymentPage,
  renderProblemPage,
  renderSuccessPage,
} from './checkout.page.ts';
import { examplePayer, type PayerInput, toInstrument, toOutcome } from './instrument.ts';
import type { Razorpay } from './razorpay.ts';
import { signPayment } from './signature.ts';

/** Only http(s): a `javascript:` address would run in this page. */
const link = z.object({
  callback_url: z
    .literal('')
    .transform(() => null)
    .or(z.url({ protocol: /^https?$/ }))
    .default(null),
});

const form = z.object({
  action: z.enum(['pay', 'decline']),
  method: z.enum(['upi', 'card', 'netbanking']).default(examplePayer.method),
  vpa: z.string().default(examplePayer.vpa),
  card_number: z.string().default(examplePayer.cardNumber),
  otp: z.string().default(examplePayer.otp),
  bank: z.string().default(examplePayer.bank),
});

type Params = { Params: { orderId: string } };

/** The hosted checkout page, where a person plays the payer: `/razorpay/checkout/:orderId?callback_url=…`. */
export async function registerCheckout(app: FastifyInstance, razorpay: Razorpay): Promise<void> {
  await app.register(formbody);
  app.setErrorHandler((error, _request, reply) =>
    error instanceof z.ZodError
      ? sendPage(
          reply,
          400,
          renderProblemPage({ title: 'Link not valid', text: 'Ask the merchant for a new one.' }),
        )
      : reply.send(error),
  );

  app.get<Params>('/razorpay/checkout/:orderId', async (request, reply) => {
    const view = findView(razorpay, request.params.orderId, request.query);
    if (view === null) return sendNotFound(reply);
    return sendPage(
      reply,
      200,
      view.order.status === 'paid' ? renderPaidPage(view) : renderPaymentPage(view),
    );
  });

  app.post<Params>('/razorpay/checkout/:orderId', async (request, reply) => {
    const view = findView(razorpay, request.params.orderId, request.body);
    if (view === null) return sendNotFound(reply);
    if (view.order.status === 'paid') return sendPage(reply, 409, renderPaidPage(view));
    return pay(razorpay, { view, fields: form.parse(request.body), reply });
  });
}

/** What the merchant's page gets for a successful payment, signed with the API key secret. */
export function toCallbackFields(payment: Payment, keySecret: string): CallbackFields {
  return {
    razorpay_payment_id: payment.id,
    razorpay_order_id: payment.orderId,
    razorpay_signature: signPayment({ orderId: payment.orderId, paymentId: payment.id }, keySecret),
  };
}

function findView(razorpay: Razorpay, orderId: string, input: unknown): CheckoutView | null {
  const order = razorpay.account.orders.get(orderId);
  if (order === undefined) return null;
  return { order, merchantName: razorpay.merchantName, callbackUrl: link.parse(input).callback_url };
}

function pay(
  razorpay: Razorpay,
  click: { view: CheckoutView; fields: z.output<typeof form>; reply: FastifyReply },
): FastifyReply {
  const { view, fields, reply } = click;
  const input = toPayerInput(fields);
  const outcome = fields.action === 'decline' ? 'decline' : toOutcome(input);
  const payment = razorpay.bank.attempt({ order: view.order, instrument: toInstrument(input), outcome });
  if (payment.failure !== null)
    return sendPage(reply, 200, renderPaymentPage(view, { failure: payment.failure, input }));
  const nonce = randomBytes(16).toString('base64');
  const callback = toCallbackFields(payment, razorpay.keySecret);
  return sendPage(reply, 200, renderSuccessPage({ ...view, payment, callback, nonce }), `'nonce-${nonce}'`);
}

function toPayerInput(fields: z.output<typeof form>): PayerInput {
  const { method, vpa, otp, bank } = fields;
  return { method, vpa, otp, bank, cardNumber: fields.card_number };
}

function sendNotFound(reply: FastifyReply): FastifyReply {
  const problem = { title: 'Order not found', text: 'This link is not valid, or its order is gone.' };
  return sendPage(reply, 404, renderProblemPage(problem));
}

/** Nothing but our own style, the one script named here, and forms that lead back to the merchant. */
function sendPage(reply: FastifyReply, status: number, page: Html, script = "'none'"): FastifyReply {
  return reply
    .status(status)
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; img-src data:; script-src ${script}; form-action 'self' http: https:; base-uri 'none'`,
    )
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.text);
}
