import type { z } from 'zod';
import { toCheckoutUrl } from '../../checkout/checkout.paths.ts';
import { estimateFeeMinor } from '../fee.rules.ts';
import {
  type ListingWindow,
  type OrderRequest,
  type PaymentGatewayPort,
  VendorError,
  type VendorOrder,
  type VendorPayment,
} from '../payment-gateway.ts';
import { createRazorpayClient, type RazorpayClient, type RazorpayCredentials } from './razorpay.client.ts';
import { createRazorpayQrCodes } from './razorpay.qr-codes.ts';
import { toOrderBody, toUnixSeconds } from './razorpay.requests.ts';
import {
  collectionOf,
  confirmationFields,
  orderEntity,
  paymentEntity,
  refundEntity,
} from './razorpay.schemas.ts';
import { isPaymentSigned } from './razorpay.signature.ts';
import { toPayment, toRefund } from './razorpay.views.ts';
import { readRazorpayWebhook, verifyRazorpayWebhook } from './razorpay.webhook.ts';

export interface RazorpayOptions extends RazorpayCredentials {
  /** Address of our checkout page; the order id is appended. */
  readonly checkoutUrl: string;
  /** Address of Razorpay's checkout.js. */
  readonly scriptUrl: string;
  readonly webhookSecrets: readonly string[];
  /** Whether Razorpay has enabled UPI QR codes for the account. Default true. */
  readonly hasQrCodes?: boolean;
  /** What Razorpay charges, in hundredths of a percent before tax. Default 200. */
  readonly feeBasisPoints?: number;
  /** Whom the payer pays, as checkout shows it. Default `Suvidha`. */
  readonly merchantName?: string;
}

/** The most that Razorpay lists at once. */
const pageSize = 100;

/** Razorpay (https://razorpay.com/docs/api/). Our payment id is the order's `receipt`, our refund id the refund's. */
export function createRazorpayGateway(options: RazorpayOptions): PaymentGatewayPort {
  const { feeBasisPoints = 200, merchantName = 'Suvidha', hasQrCodes = true } = options;
  const { call, health } = createRazorpayClient(options);
  const qrCodes = createRazorpayQrCodes(call, options.checkoutUrl);
  const toOrder = (order: z.output<typeof orderEntity>): VendorOrder => ({
    id: order.id,
    receipt: order.receipt ?? null,
    checkoutUrl: toCheckoutUrl(options.checkoutUrl, order.id),
  });
  const fetchEntity = (id: string) => call({ path: `/payments/${segment(id)}`, answer: paymentEntity });

  const toParameters = (order: OrderRequest & { readonly vendorOrderId: string }) => ({
    key: options.keyId,
    order_id: order.vendorOrderId,
    amount: String(order.amountMinor),
    currency: order.currency,
    name: merchantName,
  });
  const listPayments = async (orderId: string) => {
    if (isQrCode(orderId)) return qrCodes.listPayments(orderId);
    const path = `/orders/${segment(orderId)}/payments`;
    const { items } = await call({ path, answer: collectionOf(paymentEntity) });
    return items.map((item) => toPayment(item, null));
  };
  const getNewest = async (orderId: string | null) => {
    const [newest] = orderId ? await listPayments(orderId) : [];
    if (!newest) throw new VendorError('REFUSED', { vendorCode: 'PAYMENT_UNKNOWN' });
    return newest;
  };

  return {
    terms: {
      name: 'RAZORPAY',
      currencies: ['INR'],
      checkouts: hasQrCodes ? ['HOSTED_PAGE', 'UPI_QR'] : ['HOSTED_PAGE'],
      feeBasisPoints,
    },
    health,
    estimateFeeMinor: (amountMinor) => estimateFeeMinor(amountMinor, feeBasisPoints),

    async createOrder(request) {
      const body = toOrderBody(request);
      return toOrder(await call({ method: 'POST', path: '/orders', body, answer: orderEntity }));
    },
    async findOrder({ paymentId }) {
      const path = `/orders?receipt=${segment(paymentId)}`;
      const { items } = await call({ path, answer: collectionOf(orderEntity) });
      const [order] = items;
      return order ? toOrder(order) : null;
    },
    async getOrder(orderId) {
      if (isQrCode(orderId)) return qrCodes.get(orderId);
      return toOrder(await call({ path: `/orders/${segment(orderId)}`, answer: orderEntity }));
    },
    getCheckoutParameters: async (order) => toParameters(order),
    getBrowserCheckout: async (order) => ({
      kind: 'SCRIPT',
      scriptUrl: options.scriptUrl,
      sources: toSources(options.scriptUrl),
      options: toParameters(order),
    }),
    /** Our page hands the result over by itself. */
    findCallbackOrder: () => null,

    listPayments,
    async getPayment({ paymentId, orderId }) {
      if (!paymentId) return getNewest(orderId);
      const entity = await fetchEntity(paymentId);
      if (entity.order_id) return toPayment(entity, null);
      const codeId = orderId ?? (await qrCodes.findId(paymentId));
      // It may be a second scan that was given back, while the first one counts.
      return codeId && entity.status === 'refunded' ? getNewest(codeId) : toPayment(entity, codeId);
    },
    async capture({ id, orderId, amountMinor, currency }) {
      const path = `/payments/${segment(id)}/capture`;
      const body = { amount: amountMinor, currency };
      try {
        return toPayment(
          await call({ method: 'POST', path, body, isIdempotent: true, answer: paymentEntity }),
          orderId,
        );
      } catch (error) {
        return takeIfCaptured(error, async () => toPayment(await fetchEntity(id), orderId));
      }
    },

    async refund({ refundId, vendorPaymentId, amountMinor }) {
      const answer = await call({
        method: 'POST',
        path: `/payments/${segment(vendorPaymentId)}/refund`,
        body: { amount: amountMinor, receipt: refundId },
        headers: { 'X-Refund-Idempotency': refundId },
        isIdempotent: true,
        answer: refundEntity,
      });
      return toRefund(answer);
    },
    async findRefund({ refundId, vendorPaymentId }) {
      const path = `/payments/${segment(vendorPaymentId)}/refunds?count=${pageSize}`;
      const { items } = await call({ path, answer: collectionOf(refundEntity) });
      const refund = items.find(({ receipt }) => receipt === refundId);
      return refund ? toRefund(refund) : null;
    },

    createQrCode: qrCodes.create,
    closeQrCode: qrCodes.close,

    async listPaymentsBetween(window) {
      const payments = await listAll(call, '/payments', paymentEntity, window);
      return payments.map((payment) => toPayment(payment, null));
    },
    async listRefundsBetween(window) {
      return (await listAll(call, '/refunds', refundEntity, window)).map(toRefund);
    },

    verifyConfirmation(orderId, fields) {
      const { data } = confirmationFields.safeParse(fields);
      if (!data || (data.razorpay_order_id ?? orderId) !== orderId) return null;
      const paymentId = data.razorpay_payment_id;
      const isSigned = isPaymentSigned({ orderId, paymentId }, data.razorpay_signature, options.keySecret);
      return isSigned ? { paymentId, orderId } : null;
    },
    verifyWebhook: (body, headers) => verifyRazorpayWebhook(body, headers, options.webhookSecrets),
    readWebhook: readRazorpayWebhook,
  };
}

/** Every page of a list; the window lies in the past, so that pages do not shift meanwhile. */
async function listAll<Entity extends z.ZodType>(
  call: RazorpayClient['call'],
  path: string,
  entity: Entity,
  { from, to }: ListingWindow,
): Promise<z.output<Entity>[]> {
  const window = `from=${toUnixSeconds(from)}&to=${toUnixSeconds(to)}&count=${pageSize}`;
  const all: z.output<Entity>[] = [];
  for (;;) {
    const answer = collectionOf(entity);
    const { items } = await call({ path: `${path}?${window}&skip=${all.length}`, answer });
    all.push(...items);
    if (items.length < pageSize) return all;
  }
}

/** Captured meanwhile is a refusal too, and an unknown outcome may be a capture: what is true now decides. */
async function takeIfCaptured(
  error: unknown,
  fetchNow: () => Promise<VendorPayment>,
): Promise<VendorPayment> {
  const now = await fetchNow().catch(() => null);
  if (now?.status === 'CAPTURED') return now;
  throw error;
}

const segment = encodeURIComponent;

function isQrCode(orderId: string): boolean {
  return orderId.startsWith('qr_');
}

/** checkout.js loads further scripts and frames from hosts of Razorpay's own. */
function toSources(scriptUrl: string): string[] {
  const { origin, hostname } = new URL(scriptUrl);
  return hostname.endsWith('.razorpay.com') ? ['https://*.razorpay.com'] : [origin];
}
