import { z } from 'zod';
import { resultInfo } from './paytm.client.ts';

/** What we read of Paytm's answers (https://www.paytmpayments.com/docs/api/). Unknown fields are ignored. */
export const initiated = z.object({ resultInfo, txnToken: z.string().nullish() });

export const orderStatus = z.object({
  resultInfo,
  txnId: z.string().nullish(),
  orderId: z.string().nullish(),
  txnAmount: z.string().nullish(),
});

export const refundStatus = z.object({
  resultInfo,
  refundId: z.string().nullish(),
  refId: z.string().nullish(),
  txnId: z.string().nullish(),
  refundAmount: z.string().nullish(),
});

export const qrCode = z.object({ resultInfo, qrData: z.string().nullish() });

export const orderList = z.object({
  orders: z.array(z.object({ merchantOrderId: z.string() })).optional(),
});

export const refundList = z.object({
  orders: z.array(z.object({ merchantOrderId: z.string(), refId: z.string() })).optional(),
});

/** The browser's callback, and a webhook in the same shape. */
export const callbackFields = z.object({
  MID: z.string(),
  ORDERID: z.string(),
  TXNID: z.string().optional(),
  STATUS: z.string(),
  CHECKSUMHASH: z.string(),
});

/** A webhook's JSON body: of a payment, or of a refund when it has a reference of one. */
export const webhookBody = z.object({
  mid: z.string(),
  orderId: z.string(),
  txnId: z.string().nullish(),
  status: z.string().nullish(),
  refId: z.string().nullish(),
  refundId: z.string().nullish(),
  resultInfo: resultInfo.optional(),
});
