import type { OrderRequest, PaymentGatewayPort, VendorOrder, VendorPayment } from '../payment-gateway.ts';
import { createRazorpayClient, type RazorpayCredentials } from './razorpay.client.ts';
import {
  collectionOf,
  orderEntity,
  paymentEntity,
  paymentWebhook,
  refundEntity,
} from './razorpay.schemas.ts';
import { isWebhookSigned } from './razorpay.signature.ts';

export interface RazorpayOptions extends RazorpayCredentials {
  /** Address of the checkout page; the order id is appended. */
  readonly checkoutUrl: string;
  readonly webhookSecrets: readonly string[];
}

/** Razorpay (https://razorpay.com/docs/api/orders/). Our payment id is the order's `receipt`. */
export function createRazorpayGateway(options: RazorpayOptions): PaymentGatewayPort {
  const call = createRazorpayClient(options);
  const toOrder = (
    { id, receipt }: { id: string; receipt?: string | null | undefined },
    returnUrl?: string,
  ): VendorOrder => ({
    id,
    receipt: receipt ?? null,
    checkoutUrl: toCheckoutUrl(options.checkoutUrl, id, returnUrl),
  });
  return {
    async createOrder(request) {
      const answer = await call({ method: 'POST', path: '/orders', body: toOrderBody(request) });
      return toOrder(orderEntity.parse(answer), request.returnUrl);
    },
    async findOrder({ paymentId, returnUrl }) {
      const answer = await call({ path: `/orders?receipt=${paymentId}` });
      const [order] = collectionOf(orderEntity).parse(answer).items;
      return order ? toOrder(order, returnUrl) : null;
    },
    async getOrder(orderId) {
      return toOrder(orderEntity.parse(await call({ path: `/orders/${encodeURIComponent(orderId)}` })));
    },
    async listPayments(orderId) {
      const answer = await call({ path: `/orders/${encodeURIComponent(orderId)}/payments` });
      return collectionOf(paymentEntity).parse(answer).items.map(toPayment);
    },
    async getPayment(vendorPaymentId) {
      return toPayment(
        paymentEntity.parse(await call({ path: `/payments/${encodeURIComponent(vendorPaymentId)}` })),
      );
    },
    async refund({ refundId, vendorPaymentId, amountMinor }) {
      const answer = await call({
        method: 'POST',
        path: `/payments/${encodeURIComponent(vendorPaymentId)}/refund`,
        body: { amount: amountMinor, receipt: refundId },
        headers: { 'X-Refund-Idempotency': refundId },
      });
      return { id: refundEntity.parse(answer).id };
    },
    verifyWebhook(body, headers) {
      const signature = headers['x-razorpay-signature'];
      const eventId = headers['x-razorpay-event-id'];
      if (typeof signature !== 'string' || typeof eventId !== 'string') return null;
      return isWebhookSigned(body, signature, options.webhookSecrets) ? { eventId } : null;
    },
    readWebhook(body) {
      const event = paymentWebhook.safeParse(JSON.parse(body.toString('utf8')));
      return event.success ? { vendorPaymentId: event.data.payload.payment.entity.id } : null;
    },
  };
}

function toOrderBody({ paymentId, amountMinor, currency }: OrderRequest): object {
  return {
    amount: amountMinor,
    currency,
    receipt: paymentId,
    payment: {
      capture: 'automatic',
      capture_options: { automatic_expiry_period: 12, refund_speed: 'normal' },
    },
  };
}

function toCheckoutUrl(base: string, orderId: string, returnUrl?: string): string {
  const url = new URL(`${base.replace(/\/$/, '')}/${encodeURIComponent(orderId)}`);
  if (returnUrl) url.searchParams.set('callback_url', returnUrl);
  return url.href;
}

function toPayment(entity: {
  id: string;
  order_id?: string | null | undefined;
  amount: number;
  currency: string;
  status: string;
}): VendorPayment {
  return {
    id: entity.id,
    orderId: entity.order_id ?? null,
    amountMinor: entity.amount,
    currency: entity.currency,
    status: toVendorStatus(entity.status),
  };
}

/** `refunded` was captured before. A word we do not know decides nothing. */
function toVendorStatus(status: string): VendorPayment['status'] {
  switch (status) {
    case 'authorized':
      return 'AUTHORIZED';
    case 'captured':
    case 'refunded':
      return 'CAPTURED';
    case 'failed':
      return 'FAILED';
    default:
      return 'CREATED';
  }
}
