import type { z } from 'zod';
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
    status: toRefundStatus(entity.status),
    failureCode: entity.status === 'failed' ? 'refund_failed' : null,
  };
}

export function toQrCode(entity: z.output<typeof qrCodeEntity>): VendorQrCode {
  return { id: entity.id, upiUri: entity.image_content ?? null, imageUrl: entity.image_url ?? null };
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
