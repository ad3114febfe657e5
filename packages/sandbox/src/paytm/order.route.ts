import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Order, parseAmountText } from './account.ts';
import { toOrderStatus } from './entity.ts';
import { type Body, openEnvelope, toEnvelope } from './envelope.ts';
import type { Paytm } from './paytm.ts';
import { PaytmRefusal, results } from './result.ts';

/** How long a transaction token is good for. */
export const TOKEN_LIFETIME_MS = 15 * 60 * 1000;

export const orderId = z.string().regex(/^[A-Za-z0-9@_.-]{1,50}$/);

const initiateBody = z.object({
  requestType: z.literal('Payment'),
  mid: z.string(),
  orderId,
  websiteName: z.string().min(1),
  txnAmount: z.object({ value: z.string(), currency: z.literal('INR') }),
  userInfo: z.object({ custId: z.string().min(1) }),
  callbackUrl: z.url({ protocol: /^https?$/ }),
});

const initiateQuery = z.object({ mid: z.string(), orderId: z.string() });

/** Starting a payment, and asking how it stands (https://www.paytmpayments.com/docs/api/initiate-transaction-api). */
export function registerOrders(app: FastifyInstance, paytm: Paytm): void {
  app.post(
    '/theia/api/v1/initiateTransaction',
    { config: { call: 'paytm.initiate-transaction' } },
    async (request) => {
      const raw = openEnvelope(request.body, paytm.merchantKey);
      assertSameIds(request.query, raw, paytm.mid);
      return toEnvelope(initiate(paytm, raw), paytm.merchantKey);
    },
  );

  app.post('/v3/order/status', { config: { call: 'paytm.order-status' } }, async (request) => {
    const body = openEnvelope(request.body, paytm.merchantKey);
    if (body.mid !== paytm.mid) throw new PaytmRefusal(results.merchantUnknown);
    const id = String(body.orderId);
    const transaction = paytm.account.transactionOf(id);
    if (transaction !== undefined)
      return toEnvelope(toOrderStatus(transaction, paytm.mid), paytm.merchantKey);
    throw new PaytmRefusal(paytm.account.orders.has(id) ? results.noRecord : results.orderUnknown);
  });
}

function assertSameIds(query: unknown, body: Body, mid: string): void {
  const { data } = initiateQuery.safeParse(query);
  if (data === undefined) throw new PaytmRefusal(results.parametersInvalid);
  if (data.mid !== body.mid || data.mid !== mid) throw new PaytmRefusal(results.midMismatch);
  if (data.orderId !== body.orderId) throw new PaytmRefusal(results.orderMismatch);
}

/** The same order again gets the same token, or a new one when that is too old; a paid order gets none. */
function initiate({ account }: Paytm, raw: Body): Body {
  const order = toOrder(raw);
  const known = account.orders.get(order.id);
  if (known === undefined) {
    account.orders.set(order.id, order);
    return toInitiated(order, 'initiated');
  }
  const isSame = known.amountMinor === order.amountMinor && known.callbackUrl === order.callbackUrl;
  if (!isSame) throw new PaytmRefusal(results.repeatInconsistent);
  if (isTokenLive(known)) return toInitiated(known, 'initiatedBefore');
  const renewed = { ...known, token: order.token, createdAt: order.createdAt };
  account.orders.set(order.id, renewed);
  return toInitiated(renewed, 'initiated');
}

export function isTokenLive({ createdAt }: Order): boolean {
  return Date.now() - createdAt.getTime() < TOKEN_LIFETIME_MS;
}

function toInitiated({ token }: Order, result: 'initiated' | 'initiatedBefore'): Body {
  return { resultInfo: results[result], txnToken: token, isPromoCodeValid: false, authenticated: false };
}

function toOrder(raw: Body): Order {
  const { data } = initiateBody.safeParse(raw);
  const amountMinor = parseAmountText(data?.txnAmount.value);
  if (data === undefined || amountMinor === null) throw new PaytmRefusal(results.parametersInvalid);
  return {
    id: data.orderId,
    amountMinor,
    customerId: data.userInfo.custId,
    callbackUrl: data.callbackUrl,
    token: randomBytes(20).toString('hex'),
    upiUri: null,
    expiresAt: null,
    createdAt: new Date(),
  };
}
