import { randomBytes } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { sendCheckoutPage } from '../pages/checkout.reply.ts';
import {
  type CheckoutView,
  renderPaidPage,
  renderPaymentPage,
  renderRazorpayProblem,
  renderSuccessPage,
} from './checkout.page.ts';
import { examplePayer, type PayerInput, toInstrument, toOutcome } from './instrument.ts';
import type { Razorpay } from './razorpay.ts';

/** Only http(s): a `javascript:` address would run in this page. */
const link = z.object({
  callback_url: z
    .literal('')
    .transform(() => null)
    .or(z.url({ protocol: /^https?$/ }))
    .default(null),
  framed: z.enum(['', '1']).default(''),
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
      ? sendCheckoutPage(
          reply,
          400,
          renderRazorpayProblem({ title: 'Link not valid', text: 'Ask the merchant for a new one.' }),
        )
      : reply.send(error),
  );

  app.get<Params>('/razorpay/checkout/:orderId', async (request, reply) => {
    const view = findView(razorpay, request.params.orderId, request.query);
    if (view === null) return sendNotFound(reply);
    return sendCheckoutPage(
      reply,
      200,
      view.order.status === 'paid' ? renderPaidPage(view) : renderPaymentPage(view),
    );
  });

  app.post<Params>('/razorpay/checkout/:orderId', async (request, reply) => {
    const view = findView(razorpay, request.params.orderId, request.body);
    if (view === null) return sendNotFound(reply);
    if (view.order.status === 'paid') return sendCheckoutPage(reply, 409, renderPaidPage(view));
    return pay(razorpay, { view, fields: form.parse(request.body), reply });
  });
}

function findView(razorpay: Razorpay, orderId: string, input: unknown): CheckoutView | null {
  const order = razorpay.account.orders.get(orderId);
  if (order === undefined) return null;
  const { callback_url: callbackUrl, framed } = link.parse(input);
  return { order, merchantName: razorpay.merchantName, callbackUrl, isFramed: framed === '1' };
}

function pay(
  razorpay: Razorpay,
  click: { view: CheckoutView; fields: z.output<typeof form>; reply: FastifyReply },
): FastifyReply {
  const { view, fields, reply } = click;
  const input = toPayerInput(fields);
  const outcome = fields.action === 'decline' ? 'decline' : toOutcome(input);
  const payment = razorpay.bank.attempt({ order: view.order, instrument: toInstrument(input), outcome });
  const nonce = randomBytes(16).toString('base64');
  const { failure, id: paymentId } = payment;
  if (failure !== null)
    return sendCheckoutPage(reply, 200, renderPaymentPage(view, { failure, input, paymentId, nonce }), nonce);
  const callback = razorpay.toSignedCallback(payment);
  return sendCheckoutPage(reply, 200, renderSuccessPage({ ...view, payment, callback, nonce }), nonce);
}

function toPayerInput(fields: z.output<typeof form>): PayerInput {
  const { method, vpa, otp, bank } = fields;
  return { method, vpa, otp, bank, cardNumber: fields.card_number };
}

function sendNotFound(reply: FastifyReply): FastifyReply {
  const problem = { title: 'Order not found', text: 'This link is not valid, or its order is gone.' };
  return sendCheckoutPage(reply, 404, renderRazorpayProblem(problem));
}
