import { toCheckoutUrl } from '../../checkout/checkout.paths.ts';
import { estimateFeeMinor } from '../fee.rules.ts';
import {
  type OrderRequest,
  type PaymentGatewayPort,
  type RefundRequest,
  VendorError,
  type VendorOrder,
  type VendorRefund,
} from '../payment-gateway.ts';
import { isTextSigned, toSignedText } from './paytm.checksum.ts';
import { createPaytmClient, type PaytmClient, type PaytmCredentials } from './paytm.client.ts';
import { createPaytmListing } from './paytm.listing.ts';
import { createPaytmQrCode } from './paytm.qr-code.ts';
import { callbackFields, initiated, orderStatus, refundStatus } from './paytm.schemas.ts';
import { paytmCurrency, toAmountText, toPayment, toRefund } from './paytm.views.ts';
import { readPaytmWebhook, verifyPaytmWebhook } from './paytm.webhook.ts';

export interface PaytmOptions extends PaytmCredentials {
  /** `WEBSTAGING` in staging, `DEFAULT` or the name that Paytm gave otherwise. */
  readonly websiteName: string;
  /** Where browsers find Paytm's pages. Default: its host. */
  readonly pageUrl?: string | undefined;
  /** Address of our checkout page; the order id is appended. */
  readonly checkoutUrl: string;
  /** Where Paytm's page sends the payer's browser with the signed result. */
  readonly callbackUrl: string;
  /** Whether Paytm has enabled dynamic QR codes for the merchant. Default true. */
  readonly hasQrCodes?: boolean;
  /** What Paytm calls the key that signs requests for QR codes; it gives each merchant a name of its own. Default `C11`. */
  readonly clientId?: string;
  /** What Paytm charges, in hundredths of a percent before tax. Default 199. */
  readonly feeBasisPoints?: number;
}

/** The same refund was asked for before. */
const repeatedRefundCodes: readonly string[] = ['617', '701'];
const unknownRefundCodes: readonly string[] = ['607', '800'];

/** Paytm (https://www.paytmpayments.com/docs/api/). Our payment id is its order id, our refund id its `refId`. */
export function createPaytmGateway(options: PaytmOptions): PaymentGatewayPort {
  const { mid, merchantKeys, feeBasisPoints = 199, hasQrCodes = true } = options;
  const { call, health } = createPaytmClient(options);
  const toOrder = (orderId: string): VendorOrder => ({
    id: orderId,
    receipt: orderId,
    checkoutUrl: toCheckoutUrl(options.checkoutUrl, orderId),
  });
  const listPayments = async (orderId: string) => {
    const status = { path: '/v3/order/status', body: { mid, orderId }, isIdempotent: true };
    const payment = toPayment(await call({ ...status, answer: orderStatus }), orderId);
    return payment ? [payment] : [];
  };
  const getPayment = async (orderId: string | null) => {
    const [payment] = orderId === null ? [] : await listPayments(orderId);
    if (!payment) throw new VendorError('REFUSED', { vendorCode: 'PAYMENT_UNKNOWN' });
    return payment;
  };
  const initiate = (request: OrderRequest) => initiateTransaction(call, options, request);

  return {
    terms: {
      name: 'PAYTM',
      currencies: [paytmCurrency],
      checkouts: hasQrCodes ? ['HOSTED_PAGE', 'UPI_QR'] : ['HOSTED_PAGE'],
      feeBasisPoints,
    },
    health,
    estimateFeeMinor: (amountMinor) => estimateFeeMinor(amountMinor, feeBasisPoints),

    async createOrder(request) {
      await initiate(request);
      return toOrder(request.paymentId);
    },
    /** An order that nobody tried to pay is asked for again: that gives the same one. */
    async findOrder({ paymentId }) {
      return (await listPayments(paymentId)).length > 0 ? toOrder(paymentId) : null;
    },
    getOrder: async (orderId) => toOrder(orderId),
    async getCheckoutParameters({ vendorOrderId, ...request }) {
      const txnToken = await initiate({ ...request, paymentId: vendorOrderId });
      const amount = toAmountText(request.amountMinor);
      return { mid, orderId: vendorOrderId, txnToken, amount, callbackUrl: options.callbackUrl };
    },

    async getBrowserCheckout({ vendorOrderId: orderId, ...request }) {
      const txnToken = await initiate({ ...request, paymentId: orderId });
      const query = new URLSearchParams({ mid, orderId });
      const host = (options.pageUrl ?? options.baseUrl).replace(/\/$/, '');
      const action = `${host}/theia/api/v1/showPaymentPage?${query}`;
      return { kind: 'FORM', action, fields: { mid, orderId, txnToken } };
    },
    findCallbackOrder: (fields) => callbackFields.safeParse(fields).data?.ORDERID ?? null,

    listPayments,
    getPayment: ({ orderId }) => getPayment(orderId),
    /** Paytm takes money at once: there is nothing set aside. */
    capture: ({ orderId }) => getPayment(orderId),

    refund: (request) => applyRefund(call, mid, request),
    findRefund: (request) => findRefund(call, mid, request),

    createQrCode: (request) => createPaytmQrCode(call, options, request),
    /** Paytm has no such call: its codes close when they are paid or their time is over. */
    closeQrCode: async () => undefined,

    ...createPaytmListing(call, mid, { listPayments, findRefund: (asked) => findRefund(call, mid, asked) }),

    verifyConfirmation(orderId, fields) {
      const { data } = callbackFields.safeParse(fields);
      if (data?.MID !== mid || data.ORDERID !== orderId) return null;
      const isGenuine = isTextSigned(toSignedText(fields), data.CHECKSUMHASH, merchantKeys);
      return isGenuine ? { paymentId: data.TXNID || null, orderId } : null;
    },
    verifyWebhook: (body) => verifyPaytmWebhook(body, options),
    readWebhook: readPaytmWebhook,
  };
}

/**
 * Makes an order, or finds the one made before: the same order id and amount give the same token, while it lives.
 * @returns what opens Paytm's page, good for 15 minutes.
 */
async function initiateTransaction(
  call: PaytmClient['call'],
  { mid, websiteName, callbackUrl }: PaytmOptions,
  { paymentId, amountMinor, currency }: OrderRequest,
): Promise<string> {
  const query = new URLSearchParams({ mid, orderId: paymentId });
  const { resultInfo, txnToken } = await call({
    path: `/theia/api/v1/initiateTransaction?${query}`,
    body: {
      requestType: 'Payment',
      mid,
      websiteName,
      orderId: paymentId,
      callbackUrl,
      txnAmount: { value: toAmountText(amountMinor), currency },
      // Paytm shows saved instruments by customer. We keep none there, so a payment is a customer of its own.
      userInfo: { custId: paymentId },
    },
    isIdempotent: true,
    answer: initiated,
  });
  if (resultInfo.resultStatus === 'S' && txnToken) return txnToken;
  throw new VendorError('REFUSED', { vendorCode: resultInfo.resultCode });
}

/** A reference that was used before means that the refund is known there: then its state is the answer. */
async function applyRefund(
  call: PaytmClient['call'],
  mid: string,
  request: RefundRequest,
): Promise<VendorRefund> {
  const answer = await call({
    path: '/refund/apply',
    body: {
      mid,
      txnType: 'REFUND',
      orderId: request.vendorOrderId,
      txnId: request.vendorPaymentId,
      refId: request.refundId,
      refundAmount: toAmountText(request.amountMinor),
    },
    isIdempotent: true,
    answer: refundStatus,
  });
  const { resultStatus, resultCode } = answer.resultInfo;
  if (resultStatus === 'PENDING' || resultStatus === 'TXN_SUCCESS') return toRefund(answer, request);
  const known = repeatedRefundCodes.includes(resultCode) ? await findRefund(call, mid, request) : null;
  if (known) return known;
  const outcome = resultStatus === 'TXN_FAILURE' ? 'REFUSED' : 'UNKNOWN';
  throw new VendorError(outcome, { vendorCode: resultCode });
}

async function findRefund(
  call: PaytmClient['call'],
  mid: string,
  asked: Pick<RefundRequest, 'refundId' | 'vendorOrderId'> & { readonly vendorPaymentId?: string },
): Promise<VendorRefund | null> {
  const answer = await call({
    path: '/v2/refund/status',
    body: { mid, orderId: asked.vendorOrderId, refId: asked.refundId },
    isIdempotent: true,
    answer: refundStatus,
  });
  return unknownRefundCodes.includes(answer.resultInfo.resultCode) ? null : toRefund(answer, asked);
}
