import { type Order, type Refund, type Transaction, toAmountText } from './account.ts';
import { type ResultInfo, results, toFailedInfo } from './result.ts';
import { toIndianTime } from './time.ts';

/** How a transaction stands, in Paytm's words. */
export function toResultInfo(transaction: Transaction): ResultInfo {
  if (transaction.status === 'PENDING') return results.pending;
  return transaction.failure === null ? results.paid : toFailedInfo(transaction.failure);
}

/** What the payer's browser takes back to the merchant, and a webhook brings, without the checksum. */
export function toCallbackFields(transaction: Transaction, mid: string): Record<string, string> {
  const info = toResultInfo(transaction);
  const fields = {
    MID: mid,
    ORDERID: transaction.orderId,
    TXNID: transaction.id,
    TXNAMOUNT: toAmountText(transaction.amountMinor),
    CURRENCY: 'INR',
    STATUS: transaction.status,
    RESPCODE: info.resultCode,
    RESPMSG: info.resultMsg,
    PAYMENTMODE: transaction.mode,
    TXNDATE: toIndianTime(transaction.createdAt),
  };
  if (transaction.status !== 'TXN_SUCCESS') return { ...fields, BANKTXNID: '' };
  return {
    ...fields,
    BANKTXNID: transaction.bankId,
    BANKNAME: transaction.bankName,
    GATEWAYNAME: toGatewayName(transaction),
  };
}

/** The body of a payment's webhook in its JSON shape. */
export function toWebhookBody(transaction: Transaction, mid: string): Record<string, string> {
  const info = toResultInfo(transaction);
  return {
    mid,
    orderId: transaction.orderId,
    txnId: transaction.id,
    txnAmount: toAmountText(transaction.amountMinor),
    currency: 'INR',
    status: transaction.status,
    respCode: info.resultCode,
    respMsg: info.resultMsg,
    txnType: 'SALE',
    bankName: transaction.bankName,
    paymentMode: transaction.mode,
    txnDate: toIndianTime(transaction.createdAt),
  };
}

/** The body of an order's status (https://www.paytmpayments.com/docs/api/v3/transaction-status-api). */
export function toOrderStatus(transaction: Transaction, mid: string): Record<string, unknown> {
  return {
    resultInfo: toResultInfo(transaction),
    txnId: transaction.id,
    bankTxnId: transaction.status === 'TXN_SUCCESS' ? transaction.bankId : '',
    orderId: transaction.orderId,
    txnAmount: toAmountText(transaction.amountMinor),
    txnType: 'SALE',
    gatewayName: toGatewayName(transaction),
    bankName: transaction.bankName,
    mid,
    paymentMode: transaction.mode,
    refundAmt: toAmountText(transaction.refundedMinor),
    txnDate: toIndianTime(transaction.createdAt),
  };
}

/** A refund as status calls and webhooks show it, without its result. */
export function toRefundDetails(
  refund: Refund,
  transaction: Transaction,
  mid: string,
): Record<string, unknown> {
  const isDone = refund.status === 'TXN_SUCCESS';
  const at = toIndianTime(refund.createdAt);
  return {
    source: 'MERCHANT',
    txnId: refund.transactionId,
    orderId: refund.orderId,
    txnAmount: toAmountText(transaction.amountMinor),
    mid,
    refundAmount: toAmountText(refund.amountMinor),
    totalRefundAmount: toAmountText(transaction.refundedMinor),
    refId: refund.refId,
    refundId: refund.id,
    txnTimestamp: toIndianTime(transaction.createdAt),
    acceptRefundStatus: 'SUCCESS',
    acceptRefundTimestamp: at,
    merchantRefundRequestTimestamp: at,
    userCreditInitiateStatus: refund.status === 'TXN_FAILURE' ? 'FAILURE' : isDone ? 'SUCCESS' : 'PENDING',
    ...(isDone && { userCreditInitiateTimestamp: at }),
    refundType: 'TO_SOURCE',
    refundDetailInfoList: [
      {
        refundType: 'TO_SOURCE',
        payMethod: transaction.mode,
        refundAmount: toAmountText(refund.amountMinor),
      },
    ],
  };
}

/** How a refund stands, in Paytm's words. */
export function toRefundInfo({ status }: Refund): ResultInfo {
  if (status === 'PENDING') return results.refundAccepted;
  return status === 'TXN_SUCCESS' ? results.refunded : results.refundFailed;
}

/** An order as the sandbox's own page shows it. */
export function toOrderView(
  order: Order,
  transaction: Transaction | undefined,
  mid: string,
): Record<string, unknown> {
  return {
    id: order.id,
    amount: order.amountMinor,
    currency: 'INR',
    status: transaction?.status ?? 'CREATED',
    kind: order.upiUri === null ? 'order' : 'qr',
    expires_at: order.expiresAt?.toISOString() ?? null,
    created_at: order.createdAt.toISOString(),
    ...(order.token !== null && { checkout: toCheckoutForm(order.id, order.token, mid) }),
  };
}

/** The form that opens the checkout page. */
function toCheckoutForm(orderId: string, txnToken: string, mid: string) {
  const query = new URLSearchParams({ mid, orderId });
  return {
    action: `/paytm/theia/api/v1/showPaymentPage?${query}`,
    fields: { mid, orderId, txnToken },
  };
}

export function toTransactionView(transaction: Transaction): Record<string, unknown> {
  return {
    id: transaction.id,
    order_id: transaction.orderId,
    amount: transaction.amountMinor,
    currency: 'INR',
    status: transaction.status,
    refunded: transaction.refundedMinor,
    mode: transaction.mode,
    failure: transaction.failure?.code ?? null,
    created_at: transaction.createdAt.toISOString(),
  };
}

export function toRefundView(refund: Refund): Record<string, unknown> {
  return {
    id: refund.id,
    ref_id: refund.refId,
    order_id: refund.orderId,
    payment_id: refund.transactionId,
    amount: refund.amountMinor,
    status: refund.status,
  };
}

function toGatewayName({ mode }: Transaction): string {
  return mode === 'PPI' ? 'WALLET' : 'PPBLC';
}
