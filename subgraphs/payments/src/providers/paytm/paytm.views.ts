import { formatAmount, parseAmount } from '@suvidha/money';
import type { z } from 'zod';
import { VendorError, type VendorPayment, type VendorRefund } from '../payment-gateway.ts';
import type { orderStatus, refundStatus } from './paytm.schemas.ts';

/** The only currency that Paytm takes; its answers do not name it. */
export const paytmCurrency = 'INR';

/** `334`: no such order. `331`: nobody has tried to pay it yet. */
const noPaymentCodes: readonly string[] = ['334', '331'];

/** Rupees with two decimal places. */
export function toAmountText(amountMinor: number): string {
  return formatAmount({ amountMinor, currency: paytmCurrency });
}

/**
 * The payment of an order, or null when nobody tried. Paytm keeps one per order for us: the one that succeeded, else
 * the last.
 * @throws VendorError UNKNOWN when the answer does not say enough; REFUSED when it is about something else.
 */
export function toPayment(status: z.output<typeof orderStatus>, orderId: string): VendorPayment | null {
  const { resultStatus, resultCode } = status.resultInfo;
  if (noPaymentCodes.includes(resultCode)) return null;
  if (resultCode === '335') throw new VendorError('REFUSED', { vendorCode: resultCode });
  const payment = toPaymentStatus(resultStatus);
  return {
    id: status.txnId || orderId,
    orderId: status.orderId ?? orderId,
    amountMinor: toAmountMinor(status.txnAmount, payment === 'CAPTURED'),
    currency: paytmCurrency,
    status: payment,
    feeMinor: null,
    failureCode: payment === 'FAILED' ? resultCode : null,
  };
}

/** A word we do not know decides nothing. */
function toPaymentStatus(resultStatus: string): VendorPayment['status'] {
  if (resultStatus === 'TXN_SUCCESS') return 'CAPTURED';
  return resultStatus === 'TXN_FAILURE' ? 'FAILED' : 'CREATED';
}

/** @throws VendorError UNKNOWN when the amount is needed and cannot be read. */
function toAmountMinor(text: string | null | undefined, isNeeded: boolean): number {
  const amount = parseAmount(text ?? '', paytmCurrency);
  if (amount) return amount.amountMinor;
  if (isNeeded) throw new VendorError('UNKNOWN', { vendorCode: 'ANSWER_INVALID txnAmount' });
  return 0;
}

/** A refund as Paytm's answers about it say. `asked` is what we know of it ourselves. */
export function toRefund(
  status: z.output<typeof refundStatus>,
  asked: { readonly refundId: string; readonly vendorPaymentId?: string },
): VendorRefund {
  const { resultStatus, resultCode } = status.resultInfo;
  const refund = toRefundStatus(resultStatus);
  return {
    id: status.refundId ?? asked.refundId,
    refundId: asked.refundId,
    vendorPaymentId: status.txnId ?? asked.vendorPaymentId ?? '',
    amountMinor: parseAmount(status.refundAmount ?? '', paytmCurrency)?.amountMinor ?? null,
    currency: paytmCurrency,
    status: refund,
    failureCode: refund === 'FAILED' ? resultCode : null,
  };
}

function toRefundStatus(resultStatus: string): VendorRefund['status'] {
  if (resultStatus === 'TXN_SUCCESS') return 'PROCESSED';
  return resultStatus === 'TXN_FAILURE' ? 'FAILED' : 'PENDING';
}
