import type { z } from 'zod';
import { toQrCodeImageUrl } from '../../checkout/checkout.paths.ts';
import type { VendorPayment, VendorQrCode, VendorRefund } from '../payment-gateway.ts';
import type { paymentEntity, qrCodeEntity, refundEntity } from './razorpay.schemas.ts';

/** @param qrCodeId the code that was paid, if one was: such a payment has no order. */
export function toPayment(entity: z.output<typeof paymentEntity>, qrCodeId: string | null): VendorPayment {
  return {
    id: entity.id,
    orderId: entity.order_id ?? qrCodeId,
    amountMinor: entity.amount,
    currency: entity.currency,
    status: toPaymentStatus(entity.status),
    feeMinor: entity.fee ?? null,
    failureCode: entity.error_reason ?? null,
  };
}

export function toRefund(entity: z.output<typeof refundEntity>): VendorRefund {
  return {
    id: entity.id,
    refundId: entity.receipt ?? null,
    vendorPaymentId: entity.payment_id,
    amountMinor: entity.amount,
    currency: entity.currency,
    status: toRefundStatus(entity.status),
    failureCode: entity.status === 'failed' ? 'refund_failed' : null,
  };
}

/** @param checkoutUrl address of our checkout pages: an account that is told what the code holds may draw it itself */
export function toQrCode(entity: z.output<typeof qrCodeEntity>, checkoutUrl: string): VendorQrCode {
  return {
    id: entity.id,
    receipt: entity.notes.payment_id ?? null,
    upiUri: entity.image_content ?? null,
    imageUrl: entity.image_url ?? toQrCodeImageUrl(checkoutUrl, entity.id),
  };
}

/** `refunded` was captured before. A word we do not know decides nothing. */
function toPaymentStatus(status: string): VendorPayment['status'] {
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

function toRefundStatus(status: string): VendorRefund['status'] {
  if (status === 'processed') return 'PROCESSED';
  return status === 'failed' ? 'FAILED' : 'PENDING';
}
