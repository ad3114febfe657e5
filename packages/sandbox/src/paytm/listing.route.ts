import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { toAmountText } from './account.ts';
import { openEnvelope, toEnvelope } from './envelope.ts';
import type { Paytm } from './paytm.ts';
import { PaytmRefusal, results } from './result.ts';
import { toIndianTime } from './time.ts';

const MAX_PAGE_SIZE = 50;
const MAX_RANGE_MS = 30 * 24 * 60 * 60 * 1000;

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const pageNumber = z.coerce.number().int().min(1).default(1);
const pageSize = z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(20);

const ordersBody = z.object({
  mid: z.string(),
  fromDate: time,
  toDate: time,
  orderSearchType: z.literal('TRANSACTION'),
  orderSearchStatus: z.string(),
  pageNumber,
  pageSize,
});

const refundsBody = z.object({
  mid: z.string(),
  startDate: time,
  endDate: time,
  pageNum: pageNumber,
  pageSize,
});

const searchNames = { TXN_SUCCESS: 'SUCCESS', TXN_FAILURE: 'FAILURE', PENDING: 'PENDING' } as const;

/**
 * What was paid and refunded between two times (https://www.paytmpayments.com/docs/api/order-list-api and
 * …/refund-api-list-api).
 */
export function registerListings(app: FastifyInstance, paytm: Paytm): void {
  const { account, merchantKey } = paytm;
  const open = <Schema extends z.ZodType<{ mid: string }>>(schema: Schema, request: unknown) => {
    const { data } = schema.safeParse(openEnvelope(request, merchantKey));
    if (data?.mid !== paytm.mid) throw new PaytmRefusal(results.parametersInvalid);
    return data;
  };

  app.post(
    '/merchant-passbook/search/list/order/v2',
    { config: { call: 'paytm.list-orders' } },
    async (request) => {
      const body = open(ordersBody, request.body);
      const wanted = body.orderSearchStatus.split('|');
      const all = account.transactions.values();
      const found = toPage(
        all.filter(({ status }) => wanted.includes(searchNames[status])),
        {
          from: body.fromDate,
          to: body.toDate,
          page: body.pageNumber,
          size: body.pageSize,
        },
      );
      const orders = found.map((transaction) => ({
        merchantOrderId: transaction.orderId,
        txnId: transaction.id,
        amount: toAmountText(transaction.amountMinor),
        orderStatus: searchNames[transaction.status],
        orderCreatedTime: toIndianTime(transaction.createdAt),
      }));
      return toEnvelope({ resultStatus: 'SUCCESS', pageNumber: body.pageNumber, orders }, merchantKey);
    },
  );

  app.post(
    '/merchant-passbook/api/v1/refundList',
    { config: { call: 'paytm.list-refunds' } },
    async (request) => {
      const body = open(refundsBody, request.body);
      const found = toPage(account.refunds.values(), {
        from: body.startDate,
        to: body.endDate,
        page: body.pageNum,
        size: body.pageSize,
      });
      const orders = found.map((refund) => ({
        merchantOrderId: refund.orderId,
        merchantRefundId: refund.refId,
        refId: refund.refId,
        refundId: refund.id,
        orderId: refund.orderId,
        refundAmount: toAmountText(refund.amountMinor),
      }));
      return toEnvelope({ status: 'SUCCESS', count: orders.length, orders }, merchantKey);
    },
  );
}

function toPage<T extends { createdAt: Date }>(
  oldestFirst: Iterable<T>,
  window: { from: Date; to: Date; page: number; size: number },
): T[] {
  const { from, to, page, size } = window;
  if (to.getTime() - from.getTime() > MAX_RANGE_MS) throw new PaytmRefusal(results.parametersInvalid);
  return [...oldestFirst]
    .filter(({ createdAt }) => createdAt >= from && createdAt <= to)
    .slice((page - 1) * size, page * size);
}
