import type { z } from 'zod';
import {
  type QrCodeRequest,
  VendorError,
  type VendorPayment,
  type VendorQrCode,
} from '../payment-gateway.ts';
import type { RazorpayClient } from './razorpay.client.ts';
import { toQrCodeBody } from './razorpay.requests.ts';
import { collectionOf, paymentEntity, qrCodeEntity } from './razorpay.schemas.ts';
import { toPayment, toQrCode } from './razorpay.views.ts';

const path = '/payments/qr_codes';

/** The most payments that are listed of one code, of which only one counts. */
const pageSize = 100;

export interface RazorpayQrCodes {
  create(request: QrCodeRequest): Promise<VendorQrCode>;
  get(id: string): Promise<VendorQrCode>;
  /** Closed before is no error. */
  close(id: string): Promise<void>;
  /** The code that a payment was made with, which neither the payment nor its events name. Null: with none. */
  findId(vendorPaymentId: string): Promise<string | null>;
  /** Newest first. */
  listPayments(id: string): Promise<VendorPayment[]>;
}

/**
 * UPI QR codes (https://razorpay.com/docs/api/qr-codes/), which Razorpay enables on request. Our payment id is in their
 * notes.
 * @param checkoutUrl address of our checkout pages
 */
export function createRazorpayQrCodes(call: RazorpayClient['call'], checkoutUrl: string): RazorpayQrCodes {
  const toPath = (id: string) => `${path}/${encodeURIComponent(id)}`;
  const fetchCode = (id: string) => call({ path: toPath(id), answer: qrCodeEntity });
  return {
    async create(request) {
      const body = toQrCodeBody(request);
      return toQrCode(await call({ method: 'POST', path, body, answer: qrCodeEntity }), checkoutUrl);
    },
    get: async (id) => toQrCode(await fetchCode(id), checkoutUrl),
    async close(id) {
      try {
        await call({ method: 'POST', path: `${toPath(id)}/close`, isIdempotent: true, answer: qrCodeEntity });
      } catch (error) {
        const code = await fetchCode(id).catch(() => null);
        if (code?.status !== 'closed') throw error;
      }
    },
    async findId(vendorPaymentId) {
      const query = `payment_id=${encodeURIComponent(vendorPaymentId)}`;
      const { items } = await call({ path: `${path}?${query}`, answer: collectionOf(qrCodeEntity) }).catch(
        toNoneIfRefused,
      );
      return items[0]?.id ?? null;
    },
    async listPayments(id) {
      const query = `count=${pageSize}`;
      const { items } = await call({
        path: `${toPath(id)}/payments?${query}`,
        answer: collectionOf(paymentEntity),
      });
      return withoutGivenBack(items).map((item) => toPayment(item, id));
    },
  };
}

type PaymentEntity = z.output<typeof paymentEntity>;

/** Of two who scan at once Razorpay keeps the first payment and gives the other back by itself: that one decides nothing. */
function withoutGivenBack(payments: readonly PaymentEntity[]): readonly PaymentEntity[] {
  const isKept = payments.some(({ status }) => status === 'captured');
  return isKept ? payments.filter(({ status }) => status !== 'refunded') : payments;
}

/** An account without QR codes is refused the question. */
function toNoneIfRefused(error: unknown): { items: { id: string }[] } {
  if (error instanceof VendorError && error.outcome === 'REFUSED') return { items: [] };
  throw error;
}
