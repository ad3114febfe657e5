import type { EventPayload } from '@suvidha/events';
import type { Payment, PaymentStatus } from '../generated/prisma/client.ts';

/** A payment as its status events carry it, and as the graph shows it. */
export type PaymentSnapshot = EventPayload<'payment.status_changed'>;

export function toSnapshot(payment: Payment, previousStatus: PaymentStatus | null): PaymentSnapshot {
  return {
    paymentId: payment.id,
    payable: { type: payment.payableType, id: payment.payableId },
    installmentId: payment.installmentId,
    payer: payment.payer,
    amountMinor: Number(payment.amountMinor),
    currency: payment.currency,
    gateway: payment.gateway,
    status: payment.status,
    previousStatus,
    settlement: payment.settlement,
    checkoutUrl: payment.checkoutUrl,
    checkout: payment.checkout,
    counterId: payment.counterId,
    qrCode: toQrCode(payment),
    createdAt: payment.createdAt.toISOString(),
    refundedMinor: Number(payment.refundedMinor),
    failureCode: payment.failureCode,
    capturedAt: payment.capturedAt?.toISOString() ?? null,
  };
}

/** The QR code as long as somebody may scan it. */
function toQrCode({ status, qrUpiUri, qrImageUrl, expiresAt }: Payment): PaymentSnapshot['qrCode'] {
  if (status !== 'PENDING' || qrImageUrl === null) return null;
  return { upiUri: qrUpiUri, imageUrl: qrImageUrl, expiresAt: expiresAt.toISOString() };
}
