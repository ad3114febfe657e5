import type { z } from 'zod';
import type { ListingWindow, PaymentGatewayPort, VendorPayment, VendorRefund } from '../payment-gateway.ts';
import type { PaytmClient } from './paytm.client.ts';
import { orderList, refundList } from './paytm.schemas.ts';

/** The most that Paytm lists at once. */
const pageSize = 50;

interface Lookups {
  listPayments(orderId: string): Promise<VendorPayment[]>;
  findRefund(asked: { refundId: string; vendorOrderId: string }): Promise<VendorRefund | null>;
}

/**
 * What Paytm has between two times, at most 30 days apart (https://www.paytmpayments.com/docs/api/order-list-api,
 * …/refund-api-list-api). The lists only say which there are; how each stands is asked one by one. Null when Paytm
 * lists nothing for this merchant: not every one may use them.
 */
export function createPaytmListing(
  call: PaytmClient['call'],
  mid: string,
  { listPayments, findRefund }: Lookups,
): Pick<PaymentGatewayPort, 'listPaymentsBetween' | 'listRefundsBetween'> {
  return {
    async listPaymentsBetween({ from, to }) {
      const orders = await listAll(async (pageNumber) => {
        const window = { fromDate: toTime(from), toDate: toTime(to), pageNumber, pageSize };
        const search = { orderSearchType: 'TRANSACTION', orderSearchStatus: 'SUCCESS|FAILURE|PENDING' };
        const path = '/merchant-passbook/search/list/order/v2';
        return (await list(call, path, { mid, ...window, ...search }, orderList)).orders;
      });
      const ids = orders && new Set(orders.map(({ merchantOrderId }) => merchantOrderId));
      return ids && inTurn(ids, async (orderId) => listPayments(orderId));
    },
    async listRefundsBetween({ from, to }) {
      const refunds = await listAll(async (pageNum) => {
        const window = { startDate: toTime(from), endDate: toTime(to), pageNum, pageSize };
        const path = '/merchant-passbook/api/v1/refundList';
        return (await list(call, path, { mid, isSort: 'true', ...window }, refundList)).orders;
      });
      return (
        refunds &&
        inTurn(refunds, async ({ merchantOrderId: vendorOrderId, refId: refundId }) => {
          const refund = await findRefund({ refundId, vendorOrderId });
          return refund ? [refund] : [];
        })
      );
    },
  };
}

function list<Schema extends z.ZodType>(
  call: PaytmClient['call'],
  path: string,
  body: object,
  answer: Schema,
): Promise<z.output<Schema>> {
  return call({ path, head: { tokenType: 'CHECKSUM' }, body, isIdempotent: true, answer });
}

/** Every page until one is not full. Null: there is no such list. */
async function listAll<Item>(
  readPage: (page: number) => Promise<readonly Item[] | undefined>,
): Promise<Item[] | null> {
  const all: Item[] = [];
  for (let page = 1; ; page += 1) {
    const items = await readPage(page);
    if (!items) return page === 1 ? null : all;
    all.push(...items);
    if (items.length < pageSize) return all;
  }
}

/** One after another: a reconciliation must not use up the rate that payers need. */
async function inTurn<Item, Found>(
  items: Iterable<Item>,
  find: (item: Item) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const all: Found[] = [];
  for (const item of items) all.push(...(await find(item)));
  return all;
}

/** With its offset, in whole seconds: `2026-01-31T18:05:00+00:00`. */
function toTime(date: ListingWindow['from']): string {
  return date.toISOString().replace(/\.\d+Z$/, '+00:00');
}
