import type { FastifyInstance } from 'fastify';
import type { Account, Payment } from './account.ts';
import type { Bank } from './bank.ts';
import { type Entity, toCardEntity, toCollection, toPaymentEntity } from './entity.ts';
import { getById, toPage } from './lookup.ts';
import { capturePaymentBody, listQuery, parseRequest, paymentQuery } from './request.schema.ts';

/** Razorpay's Payments API (https://razorpay.com/docs/api/payments). */
export function registerPayments(app: FastifyInstance, parts: { account: Account; bank: Bank }): void {
  const { account, bank } = parts;

  app.get('/payments', { config: { call: 'razorpay.list-payments' } }, async (request) => {
    const window = parseRequest(listQuery, request.query);
    return toCollection(toPage(account.payments.values(), window).map(toPaymentEntity));
  });

  app.get<{ Params: { id: string } }>(
    '/payments/:id',
    { config: { call: 'razorpay.fetch-payment' } },
    async (request) => {
      const expand = parseRequest(paymentQuery, request.query)['expand[]'];
      const payment = getById(account.payments, request.params.id, 'pay');
      return expand === 'card' ? withCard(payment) : toPaymentEntity(payment);
    },
  );

  app.post<{ Params: { id: string } }>(
    '/payments/:id/capture',
    { config: { call: 'razorpay.capture-payment' } },
    async (request) => {
      const payment = getById(account.payments, request.params.id, 'pay');
      bank.capture(payment, parseRequest(capturePaymentBody, request.body).amount);
      return toPaymentEntity(payment);
    },
  );
}

function withCard(payment: Payment): Entity {
  const { instrument } = payment;
  if (instrument.method !== 'card') return toPaymentEntity(payment);
  return { ...toPaymentEntity(payment), card: toCardEntity(instrument) };
}
