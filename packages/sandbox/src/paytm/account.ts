import { randomInt } from 'node:crypto';

/** Why a payment failed, in Paytm's words. */
export interface Failure {
  code: string;
  message: string;
}

/** What a payer paid with. */
export type PaymentMode = 'PPI' | 'UPI' | 'DC' | 'NB';

/** All amounts are in paise. */
export interface Order {
  /** The merchant's. */
  id: string;
  amountMinor: number;
  customerId: string;
  /** Where the payer's browser takes the result; null for a QR code. */
  callbackUrl: string | null;
  /** What lets a payer open the checkout page; null for a QR code. */
  token: string | null;
  /** For a QR code: what the code holds. */
  upiUri: string | null;
  /** When a QR code cannot be paid any more; null when it can for ever. */
  expiresAt: Date | null;
  createdAt: Date;
}

export interface Transaction {
  /** Paytm's `TXNID`. */
  id: string;
  bankId: string;
  orderId: string;
  amountMinor: number;
  mode: PaymentMode;
  bankName: string;
  status: 'PENDING' | 'TXN_SUCCESS' | 'TXN_FAILURE';
  /** Null unless it failed. */
  failure: Failure | null;
  refundedMinor: number;
  createdAt: Date;
}

export interface Refund {
  id: string;
  /** The merchant's reference: the same one is never taken twice. */
  refId: string;
  orderId: string;
  transactionId: string;
  amountMinor: number;
  status: 'PENDING' | 'TXN_SUCCESS' | 'TXN_FAILURE';
  createdAt: Date;
}

/** Everything one merchant has at Paytm, in memory. */
export class Account {
  readonly orders = new Map<string, Order>();
  readonly transactions = new Map<string, Transaction>();
  /** By the merchant's reference. */
  readonly refunds = new Map<string, Refund>();

  /** The transaction that says how an order stands: the successful one, else the newest. */
  transactionOf(orderId: string): Transaction | undefined {
    const all = [...this.transactions.values()].filter((transaction) => transaction.orderId === orderId);
    return all.find(({ status }) => status === 'TXN_SUCCESS') ?? all.at(-1);
  }

  clear(): void {
    this.orders.clear();
    this.transactions.clear();
    this.refunds.clear();
  }
}

/** Whether somebody may still scan the code of this order, which nobody has paid. */
export function isCodeLive({ upiUri, expiresAt }: Order): boolean {
  return upiUri !== null && (expiresAt === null || expiresAt > new Date());
}

/** A new id as Paytm makes them: the day and digits. */
export function createTransactionId(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}${createDigits(24)}`;
}

export function createDigits(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join('');
}

/** Paytm's amounts: rupees with two decimal places, such as `499.00`. */
export function toAmountText(amountMinor: number): string {
  return (amountMinor / 100).toFixed(2);
}

/** Paise; null when the text is not rupees with at most two decimal places, or nothing. */
export function parseAmountText(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{1,10}(\.\d{1,2})?$/.test(text)) return null;
  const amountMinor = Math.round(Number(text) * 100);
  return amountMinor > 0 ? amountMinor : null;
}
