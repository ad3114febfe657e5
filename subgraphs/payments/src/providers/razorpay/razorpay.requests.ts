import type { OrderRequest, QrCodeRequest } from '../payment-gateway.ts';

/** `POST /orders`: captured by itself, and given back when nobody captured it (https://razorpay.com/docs/api/orders/create/). */
export function toOrderBody({ paymentId, amountMinor, currency }: OrderRequest): object {
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

/** `POST /payments/qr_codes` (https://razorpay.com/docs/api/qr-codes/create/). */
export function toQrCodeBody({ paymentId, amountMinor, counterId, expiresAt }: QrCodeRequest): object {
  return {
    type: 'upi_qr',
    usage: 'single_use',
    fixed_amount: true,
    payment_amount: amountMinor,
    close_by: toUnixSeconds(expiresAt),
    notes: { payment_id: paymentId, counter_id: counterId },
  };
}

/** Razorpay's times are whole seconds since 1970. */
export function toUnixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
