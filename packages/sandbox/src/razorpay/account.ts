import type { Failure } from './failure.ts';
import { createId } from './id.ts';
import type { Instrument } from './instrument.ts';
import type { Notes } from './notes.ts';
import type { QrCode } from './qr-code.ts';

/** All amounts are in paise, all times in unix seconds. */
export interface Order {
  id: string;
  amount: number;
  amountPaid: number;
  currency: string;
  receipt: string | null;
  status: 'created' | 'attempted' | 'paid';
  attempts: number;
  notes: Notes;
  /** Whether an authorised payment is captured by itself. */
  capture: 'automatic' | 'manual';
  createdAt: number;
}

export interface Payment {
  id: string;
  /** Null when a QR code was paid. */
  orderId: string | null;
  qrCodeId: string | null;
  amount: number;
  currency: string;
  /** A refund changes the amount refunded, and what the API shows; the payment itself stays captured. */
  status: 'created' | 'authorized' | 'captured' | 'failed';
  amountRefunded: number;
  instrument: Instrument;
  /** Why it failed; null unless it did. */
  failure: Failure | null;
  createdAt: number;
}

export interface Refund {
  id: string;
  paymentId: string;
  amount: number;
  currency: string;
  receipt: string | null;
  notes: Notes;
  status: 'pending' | 'processed' | 'failed';
  speedRequested: 'normal' | 'optimum';
  createdAt: number;
}

/** Everything one merchant has at Razorpay, in memory. */
export class Account {
  readonly id = createId('acc');
  readonly orders = new Map<string, Order>();
  readonly payments = new Map<string, Payment>();
  readonly refunds = new Map<string, Refund>();
  readonly qrCodes = new Map<string, QrCode>();

  /** Oldest first. */
  paymentsOf(order: Order): Payment[] {
    return [...this.payments.values()].filter((payment) => payment.orderId === order.id);
  }

  /** Oldest first. */
  refundsOf(payment: Payment): Refund[] {
    return [...this.refunds.values()].filter((refund) => refund.paymentId === payment.id);
  }

  clear(): void {
    this.orders.clear();
    this.payments.clear();
    this.refunds.clear();
    this.qrCodes.clear();
  }
}
