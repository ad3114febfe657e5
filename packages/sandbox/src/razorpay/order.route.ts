import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Account, Order } from './account.ts';
import { toCollection, toOrderEntity, toPaymentEntity } from './entity.ts';
import { createId } from './id.ts';
import { getById, toPage } from './lookup.ts';
import { createOrderBody, editNotesBody, listOrdersQuery, parseRequest } from './request.schema.ts';
import { unixNow } from './unix-time.ts';

/** Razorpay's Orders API (https://razorpay.com/docs/api/orders). */
export function registerOrders(app: FastifyInstance, account: Account): void {
  const getOrder = (params: { id: string }) => getById(account.orders, params.id, 'order');

  app.post('/orders', { config: { call: 'razorpay.create-order' } }, async (request) => {
    const order = createOrder(parseRequest(createOrderBody, request.body));
    account.orders.set(order.id, order);
    return toOrderEntity(order);
  });

  app.get('/orders', { config: { call: 'razorpay.list-orders' } }, async (request) => {
    const { receipt, ...window } = parseRequest(listOrdersQuery, request.query);
    const orders = account.orders
      .values()
      .filter((order) => receipt === undefined || order.receipt === receipt);
    return toCollection(toPage(orders, window).map(toOrderEntity));
  });

  app.get<{ Params: { id: string } }>(
    '/orders/:id',
    { config: { call: 'razorpay.fetch-order' } },
    async (request) => toOrderEntity(getOrder(request.params)),
  );

  app.patch<{ Params: { id: string } }>('/orders/:id', async (request) => {
    const order = getOrder(request.params);
    order.notes = parseRequest(editNotesBody, request.body).notes;
    return toOrderEntity(order);
  });

  app.get<{ Params: { id: string } }>(
    '/orders/:id/payments',
    { config: { call: 'razorpay.list-order-payments' } },
    async (request) =>
      toCollection(account.paymentsOf(getOrder(request.params)).reverse().map(toPaymentEntity)),
  );
}

function createOrder(body: z.output<typeof createOrderBody>): Order {
  return {
    id: createId('order'),
    amount: body.amount,
    amountPaid: 0,
    currency: body.currency,
    receipt: body.receipt ?? null,
    status: 'created',
    attempts: 0,
    notes: body.notes,
    capture: body.payment.capture,
    createdAt: unixNow(),
  };
}
