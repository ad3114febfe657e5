import { randomBytes } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { sendCheckoutPage } from '../pages/checkout.reply.ts';
import type { Order } from './account.ts';
import { renderPaymentPage, renderPaytmProblem, renderResultPage } from './checkout.page.ts';
import { isTokenLive } from './order.route.ts';
import { examplePayer, type PayerInput, toOutcome } from './payer.ts';
import type { Paytm } from './paytm.ts';

const base = '/paytm/theia/api/v1';

const query = z.object({ mid: z.string(), orderId: z.string() });

const form = z.object({
  txnToken: z.string(),
  action: z.enum(['pay', 'decline']).default('pay'),
  method: z.enum(['PPI', 'UPI', 'DC', 'NB']).default(examplePayer.method),
  vpa: z.string().default(examplePayer.vpa),
  card_number: z.string().default(examplePayer.cardNumber),
  otp: z.string().default(examplePayer.otp),
});

/**
 * The hosted checkout page, where a person plays the payer. A merchant's page posts `mid`, `orderId` and `txnToken`
 * to it (https://www.paytmpayments.com/docs/api/show-payment-page-api).
 */
export async function registerCheckout(app: FastifyInstance, paytm: Paytm): Promise<void> {
  await app.register(formbody);
  app.setErrorHandler((error, _request, reply) =>
    error instanceof z.ZodError ? sendExpired(reply) : reply.send(error),
  );

  app.post(`${base}/showPaymentPage`, async (request, reply) => {
    const order = findOrder(paytm, request.query, form.parse(request.body).txnToken);
    if (order === null) return sendExpired(reply);
    const { merchantName, mid } = paytm;
    return sendCheckoutPage(reply, 200, renderPaymentPage({ merchantName, mid, order }));
  });

  app.post(`${base}/processTransaction`, async (request, reply) => {
    const fields = form.parse(request.body);
    const order = findOrder(paytm, request.query, fields.txnToken);
    return order === null ? sendExpired(reply) : pay(paytm, { order, fields, reply });
  });
}

/** The order whose token this is; null when it is another's, too old, or its order is paid. */
function findOrder({ account, mid }: Paytm, rawQuery: unknown, token: string): Order | null {
  const { data } = query.safeParse(rawQuery);
  const order = data?.mid === mid ? account.orders.get(data.orderId) : undefined;
  if (order?.token !== token || !isTokenLive(order)) return null;
  return account.transactionOf(order.id)?.status === 'TXN_SUCCESS' ? null : order;
}

function pay(
  paytm: Paytm,
  click: { order: Order; fields: z.output<typeof form>; reply: FastifyReply },
): FastifyReply {
  const { order, fields, reply } = click;
  const input: PayerInput = { ...fields, cardNumber: fields.card_number };
  const outcome = fields.action === 'decline' ? 'decline' : toOutcome(input);
  const transaction = paytm.bank.attempt({ order, mode: input.method, outcome });
  const callback = paytm.toSignedCallback(transaction);
  const view = { merchantName: paytm.merchantName, mid: paytm.mid, order };
  if (transaction.status === 'TXN_FAILURE')
    return sendCheckoutPage(reply, 200, renderPaymentPage(view, { transaction, input, callback }));
  const nonce = randomBytes(16).toString('base64');
  const page = renderResultPage({ ...view, transaction, callback, nonce });
  return sendCheckoutPage(reply, 200, page, nonce);
}

function sendExpired(reply: FastifyReply): FastifyReply {
  const text = 'It was paid, its time is over, or the link is not valid. Go back to the merchant.';
  return sendCheckoutPage(reply, 400, renderPaytmProblem({ title: 'This payment is not open', text }));
}
