import type { FailureName, Outcome } from '../payer/outcome.ts';
import {
  type Account,
  createDigits,
  createTransactionId,
  type Order,
  type PaymentMode,
  type Transaction,
} from './account.ts';
import { failures } from './failure.ts';

const BANK_NAMES: Record<PaymentMode, string> = {
  PPI: 'WALLET',
  UPI: 'PPBL',
  DC: 'HDFC Bank',
  NB: 'State Bank of India',
};

/** Moves transactions through their states, and tells the merchant of every final one. */
export class Bank {
  private readonly account: Account;
  private readonly onFinal: (transaction: Transaction) => void;

  constructor(account: Account, onFinal: (transaction: Transaction) => void) {
    this.account = account;
    this.onFinal = onFinal;
  }

  /**
   * One attempt of a payer to pay an order, which must not be paid yet.
   *
   * @param attempt.amountMinor paise; the order's unless a test wants another amount to arrive
   */
  attempt(attempt: {
    order: Order;
    mode: PaymentMode;
    outcome: Outcome;
    amountMinor?: number | undefined;
  }): Transaction {
    const { order, mode, outcome } = attempt;
    const transaction: Transaction = {
      id: createTransactionId(),
      bankId: createDigits(12),
      orderId: order.id,
      amountMinor: attempt.amountMinor ?? order.amountMinor,
      mode,
      bankName: BANK_NAMES[mode],
      status: 'PENDING',
      failure: null,
      refundedMinor: 0,
      createdAt: new Date(),
    };
    this.account.transactions.set(transaction.id, transaction);
    if (outcome !== 'pending') this.answer(transaction, outcome);
    return transaction;
  }

  /** The bank's answer to a transaction that is pending, or its late yes to one that looked failed. */
  answer(transaction: Transaction, outcome: 'success' | FailureName): void {
    transaction.status = outcome === 'success' ? 'TXN_SUCCESS' : 'TXN_FAILURE';
    transaction.failure = outcome === 'success' ? null : failures[outcome];
    this.onFinal(transaction);
  }
}
