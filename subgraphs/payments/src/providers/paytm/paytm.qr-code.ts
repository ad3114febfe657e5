import { randomBytes } from 'node:crypto';
import { toQrCodeImageUrl } from '../../checkout/checkout.paths.ts';
import { type QrCodeRequest, VendorError, type VendorQrCode } from '../payment-gateway.ts';
import type { PaytmClient } from './paytm.client.ts';
import { qrCode } from './paytm.schemas.ts';
import { toAmountText } from './paytm.views.ts';

export interface PaytmQrCodeOptions {
  readonly mid: string;
  readonly checkoutUrl: string;
  readonly clientId?: string;
}

/**
 * Makes a dynamic QR code (https://www.paytmpayments.com/docs/api/create-qr-code-api), which is an order of its own.
 * Paytm takes an order id for a code once, so each code has a new one: a lost answer would otherwise be the end.
 */
export async function createPaytmQrCode(
  call: PaytmClient['call'],
  { mid, checkoutUrl, clientId = 'C11' }: PaytmQrCodeOptions,
  { paymentId, amountMinor, counterId, expiresAt }: QrCodeRequest,
): Promise<VendorQrCode> {
  const orderId = `${paymentId}.${randomBytes(4).toString('hex')}`;
  const answer = await call({
    path: '/paymentservices/qr/create',
    head: { clientId },
    body: {
      mid,
      orderId,
      amount: toAmountText(amountMinor),
      businessType: 'UPI_QR_CODE',
      posId: counterId,
      expiryDate: toIndianTime(expiresAt),
    },
    isIdempotent: false,
    answer: qrCode,
  });
  const { resultStatus, resultCode } = answer.resultInfo;
  if (resultStatus !== 'SUCCESS') throw new VendorError('REFUSED', { vendorCode: resultCode });
  if (!answer.qrData) throw new VendorError('UNKNOWN', { vendorCode: 'ANSWER_INVALID qrData' });
  const imageUrl = toQrCodeImageUrl(checkoutUrl, orderId);
  return { id: orderId, receipt: paymentId, upiUri: answer.qrData, imageUrl };
}

const indianOffsetMs = 5.5 * 3_600_000;

/** `2026-01-31 18:05:00`, in India. */
function toIndianTime(date: Date): string {
  return new Date(date.getTime() + indianOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}
