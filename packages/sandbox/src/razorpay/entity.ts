import { createHash } from 'node:crypto';
import type { Order, Payment, Refund } from './account.ts';
import type { Instrument } from './instrument.ts';
import type { Notes } from './notes.ts';
import { type QrCode, toUpiUri } from './qr-code.ts';

/** A thing as Razorpay's API and webhooks show it. */
export type Entity = Record<string, unknown>;

export function toOrderEntity(order: Order): Entity {
  return {
    id: order.id,
    entity: 'order',
    amount: order.amount,
    amount_paid: order.amountPaid,
    amount_due: Math.max(0, order.amount - order.amountPaid),
    currency: order.currency,
    receipt: order.receipt,
    offer_id: null,
    status: order.status,
    attempts: order.attempts,
    notes: toNotes(order.notes),
    created_at: order.createdAt,
  };
}

/** How the merchant's account shows codes. */
export interface QrCodeTerms {
  merchantName: string;
  /** Whether it is told what a code holds, which Razorpay allows few. */
  hasImageContent: boolean;
}

export function toQrCodeEntity(code: QrCode, { merchantName, hasImageContent }: QrCodeTerms): Entity {
  return {
    id: code.id,
    entity: 'qr_code',
    created_at: code.createdAt,
    name: code.name,
    usage: code.usage,
    type: 'upi_qr',
    image_url: code.imageUrl,
    ...(hasImageContent && { image_content: toUpiUri(code, merchantName) }),
    payment_amount: code.paymentAmount,
    status: code.status,
    description: code.description,
    fixed_amount: code.paymentAmount !== null,
    payments_amount_received: code.receivedAmount,
    payments_count_received: code.receivedCount,
    notes: toNotes(code.notes),
    customer_id: code.customerId,
    close_by: code.closeBy,
    closed_at: code.closedAt,
    close_reason: code.closeReason,
  };
}

export function toPaymentEntity(payment: Payment): Entity {
  const isFullyRefunded = payment.amountRefunded === payment.amount;
  const isCaptured = payment.status === 'captured';
  const fee = isCaptured ? toFee(payment.amount) : { fee: null, tax: null };
  return {
    id: payment.id,
    entity: 'payment',
    amount: payment.amount,
    currency: payment.currency,
    status: isCaptured && isFullyRefunded ? 'refunded' : payment.status,
    order_id: payment.orderId,
    invoice_id: null,
    international: false,
    method: payment.instrument.method,
    amount_refunded: payment.amountRefunded,
    refund_status: toRefundStatus(payment),
    captured: isCaptured,
    description: null,
    ...toInstrumentFields(payment.instrument),
    email: 'payer@example.com',
    contact: '+919000090000',
    notes: [],
    ...fee,
    error_code: payment.failure?.code ?? null,
    error_description: payment.failure?.description ?? null,
    error_source: payment.failure?.source ?? null,
    error_step: payment.failure?.step ?? null,
    error_reason: payment.failure?.reason ?? null,
    acquirer_data: toAcquirerData(payment),
    created_at: payment.createdAt,
  };
}

export function toCardEntity(card: Extract<Instrument, { method: 'card' }>): Entity {
  return {
    id: card.id,
    entity: 'card',
    name: card.name,
    last4: card.last4,
    network: card.network,
    type: 'debit',
    issuer: null,
    international: false,
    emi: false,
    sub_type: 'consumer',
    token_iin: null,
  };
}

export function toRefundEntity(refund: Refund): Entity {
  const isProcessed = refund.status === 'processed';
  const speed = refund.speedRequested === 'optimum' ? 'instant' : 'normal';
  return {
    id: refund.id,
    entity: 'refund',
    amount: refund.amount,
    currency: refund.currency,
    payment_id: refund.paymentId,
    notes: toNotes(refund.notes),
    receipt: refund.receipt,
    acquirer_data: { arn: isProcessed ? toReference(refund.id) : null },
    created_at: refund.createdAt,
    batch_id: null,
    status: refund.status,
    speed_processed: refund.speedRequested === 'optimum' && !isProcessed ? null : speed,
    speed_requested: refund.speedRequested,
  };
}

export function toCollection(items: Entity[]): Entity {
  return { entity: 'collection', count: items.length, items };
}

/** Empty notes become an empty array: the real API is written in a language whose maps and lists are one. */
function toNotes(notes: Notes): Notes | [] {
  return Object.keys(notes).length === 0 ? [] : notes;
}

/** 2 % and 18 % goods and services tax on it; `fee` includes `tax`. */
function toFee(amount: number): { fee: number; tax: number } {
  const base = Math.round(amount / 50);
  const tax = Math.round((base * 18) / 100);
  return { fee: base + tax, tax };
}

function toRefundStatus(payment: Payment): 'partial' | 'full' | null {
  if (payment.amountRefunded === 0) return null;
  return payment.amountRefunded === payment.amount ? 'full' : 'partial';
}

function toInstrumentFields(instrument: Instrument): Entity {
  const none = { card_id: null, bank: null, wallet: null, vpa: null };
  switch (instrument.method) {
    case 'upi':
      return {
        ...none,
        vpa: instrument.vpa,
        upi: { payer_account_type: 'bank_account', vpa: instrument.vpa },
      };
    case 'card':
      return { ...none, card_id: instrument.id };
    case 'netbanking':
      return { ...none, bank: instrument.bank };
  }
}

/** The bank's references exist once it has answered yes. */
function toAcquirerData(payment: Payment): Entity {
  const isAnswered = payment.status === 'authorized' || payment.status === 'captured';
  const reference = isAnswered ? toReference(payment.id) : null;
  switch (payment.instrument.method) {
    case 'upi':
      return { rrn: reference, upi_transaction_id: reference === null ? null : `SANDBOX${reference}` };
    case 'card':
      return { auth_code: reference?.slice(0, 6) ?? null };
    case 'netbanking':
      return { bank_transaction_id: reference };
  }
}

/** Twelve digits which stay the same for one id, like a bank's retrieval reference number. */
function toReference(id: string): string {
  const number = createHash('sha256').update(id).digest().readUIntBE(0, 6) % 1_000_000_000_000;
  return String(number).padStart(12, '0');
}
