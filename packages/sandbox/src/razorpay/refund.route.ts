import type { FastifyInstance } from 'fastify';
import type { Account } from './account.ts';
import { toCollection, toRefundEntity } from './entity.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { getById, toPage } from './lookup.ts';
import { razorpayErrors } from './razorpay.error.ts';
import type { Refunds } from './refunds.ts';
import { createRefundBody, editNotesBody, listQuery, parseRequest } from './request.schema.ts';

interface RefundParams {
  id: string;
  refundId: string;
}

/** Razorpay's Refunds API (https://razorpay.com/docs/api/refunds). */
export function registerRefunds(
  app: FastifyInstance,
  parts: { account: Account; refunds: Refunds; keys: IdempotencyKeys },
): void {
  const { account, refunds, keys } = parts;
  const getPayment = (id: string) => getById(account.payments, id, 'pay');
  const getRefund = (id: string) => getById(account.refunds, id, 'rfnd');

  app.post<{ Params: { id: string } }>(
    '/payments/:id/refund',
    { config: { call: 'razorpay.create-refund' } },
    async (request, reply) => {
      const payment = getPayment(request.params.id);
      const key = IdempotencyKeys.parse(request.headers['x-refund-idempotency']);
      const fingerprint = JSON.stringify([payment.id, request.body]);
      const earlier = key === null ? null : keys.find(key, fingerprint);
      if (earlier !== null) return toRefundEntity(getRefund(earlier));
      const body = parseRequest(createRefundBody, request.body);
      const refund = refunds.create(payment, { ...body, receipt: body.receipt ?? null });
      if (key !== null) keys.record({ key, fingerprint, refundId: refund.id, response: reply.raw });
      return toRefundEntity(refund);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/payments/:id/refunds',
    { config: { call: 'razorpay.list-payment-refunds' } },
    async (request) => {
      const window = parseRequest(listQuery, request.query);
      const ofPayment = account.refundsOf(getPayment(request.params.id));
      return toCollection(toPage(ofPayment, window).map(toRefundEntity));
    },
  );

  app.get<{ Params: RefundParams }>('/payments/:id/refunds/:refundId', async (request) => {
    const refund = getRefund(request.params.refundId);
    if (refund.paymentId !== getPayment(request.params.id).id) throw razorpayErrors.unknownId();
    return toRefundEntity(refund);
  });

  app.get('/refunds', { config: { call: 'razorpay.list-refunds' } }, async (request) => {
    const window = parseRequest(listQuery, request.query);
    return toCollection(toPage(account.refunds.values(), window).map(toRefundEntity));
  });

  app.get<{ Params: { id: string } }>(
    '/refunds/:id',
    { config: { call: 'razorpay.fetch-refund' } },
    async (request) => toRefundEntity(getRefund(request.params.id)),
  );

  app.patch<{ Params: { id: string } }>('/refunds/:id', async (request) => {
    const refund = getRefund(request.params.id);
    refund.notes = parseRequest(editNotesBody, request.body).notes;
    return toRefundEntity(refund);
  });
}
