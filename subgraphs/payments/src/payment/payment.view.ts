import { type DomainEvent, toCursor } from '@suvidha/events';
import { toMoney } from '@suvidha/money';
import { toMoneyType } from '@suvidha/subgraph';
import type { Payment } from '../generated/prisma/client.ts';
import type { PaymentGateway, PaymentStatus } from '../generated/prisma/enums.ts';
import { toPayableStub } from '../payable/payable.stubs.ts';
import { type PaymentSnapshot, toSnapshot } from './payment.snapshot.ts';
import type { PaymentStatusEvent, PaymentType, UpiQrCode } from './payment.type.ts';

export function toPaymentType(payment: Payment): PaymentType {
  return fromSnapshot(toSnapshot(payment, null));
}

/** A status event as the graph shows it, without a query: the event carries the payment. */
export function toStatusEvent(event: DomainEvent): PaymentStatusEvent {
  const snapshot = event.payload as PaymentSnapshot;
  return {
    cursor: toCursor(event.version),
    status: snapshot.status as PaymentStatus,
    previousStatus: snapshot.previousStatus as PaymentStatus | null,
    settlement: snapshot.settlement,
    occurredAt: new Date(event.occurredAt),
    payment: fromSnapshot(snapshot),
  };
}

function fromSnapshot(snapshot: PaymentSnapshot): PaymentType {
  return {
    id: snapshot.paymentId,
    amount: toMoneyType(toMoney(snapshot.amountMinor, snapshot.currency)),
    status: snapshot.status as PaymentStatus,
    settlement: snapshot.settlement,
    gateway: snapshot.gateway as PaymentGateway,
    checkout: snapshot.checkout ?? 'HOSTED_PAGE',
    checkoutUrl: snapshot.checkoutUrl,
    counterId: snapshot.counterId ?? null,
    qrCode: toQrCodeType(snapshot.qrCode),
    createdAt: new Date(snapshot.createdAt),
    capturedAt: snapshot.capturedAt ? new Date(snapshot.capturedAt) : null,
    amountRefunded: toMoneyType(toMoney(snapshot.refundedMinor ?? 0, snapshot.currency)),
    failureCode: snapshot.failureCode ?? null,
    payable: toPayableStub(snapshot.payable),
  };
}

function toQrCodeType(qrCode: PaymentSnapshot['qrCode']): UpiQrCode | null {
  return qrCode ? { ...qrCode, expiresAt: new Date(qrCode.expiresAt) } : null;
}
