import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../control/faults.ts';
import { type Account, createTransactionId, type Refund, type Transaction } from './account.ts';
import { PaytmRefusal, results } from './result.ts';

export type RefundEvent = 'refund.accepted' | 'refund.success' | 'refund.failure';

export interface RefundsParts {
  account: Account;
  faults: Faults;
  onEvent: (event: RefundEvent, refund: Refund, transaction: Transaction) => void;
}

/** Accepts refunds and lets the bank process them in the background. */
export class Refunds {
  private readonly account: Account;
  private readonly faults: Faults;
  private readonly onEvent: RefundsParts['onEvent'];
  private stopping = new AbortController();

  constructor({ account, faults, onEvent }: RefundsParts) {
    this.account = account;
    this.faults = faults;
    this.onEvent = onEvent;
  }

  /** @throws PaytmRefusal as the API answers when the transaction cannot be refunded so */
  apply(request: {
    refId: string;
    orderId: string;
    transactionId: string;
    amountMinor: number | null;
  }): Refund {
    const { refId, orderId, amountMinor } = request;
    if (this.account.refunds.has(refId)) throw new PaytmRefusal(results.refundRaised);
    const transaction = this.account.transactions.get(request.transactionId);
    if (transaction?.orderId !== orderId) throw new PaytmRefusal(results.refundOrderUnknown);
    if (transaction.status !== 'TXN_SUCCESS') throw new PaytmRefusal(results.refundInvalid);
    const left = transaction.amountMinor - transaction.refundedMinor;
    if (left === 0) throw new PaytmRefusal(results.refundedFully);
    if (amountMinor === null || amountMinor > left) throw new PaytmRefusal(results.refundAmountInvalid);
    return this.accept(transaction, { refId, amountMinor });
  }

  /** Forgets the refunds in work. */
  stop(): void {
    this.stopping.abort();
    this.stopping = new AbortController();
  }

  private accept(
    transaction: Transaction,
    { refId, amountMinor }: { refId: string; amountMinor: number },
  ): Refund {
    const refund: Refund = {
      id: createTransactionId(),
      refId,
      orderId: transaction.orderId,
      transactionId: transaction.id,
      amountMinor,
      status: 'PENDING',
      createdAt: new Date(),
    };
    this.account.refunds.set(refId, refund);
    transaction.refundedMinor += amountMinor;
    this.onEvent('refund.accepted', refund, transaction);
    void this.process(refund, transaction);
    return refund;
  }

  private async process(refund: Refund, transaction: Transaction): Promise<void> {
    const { signal } = this.stopping;
    try {
      const fault = await this.faults.strike({ call: 'paytm.process-refund', step: 'before', signal });
      if (fault?.name === 'delayed') await sleep(fault.delayMs, undefined, { signal });
      this.finish(refund, transaction, fault?.name === 'failed');
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** The money of a failed refund goes back to the merchant's balance; its reference stays used. */
  private finish(refund: Refund, transaction: Transaction, isFailed: boolean): void {
    refund.status = isFailed ? 'TXN_FAILURE' : 'TXN_SUCCESS';
    if (isFailed) transaction.refundedMinor -= refund.amountMinor;
    this.onEvent(isFailed ? 'refund.failure' : 'refund.success', refund, transaction);
  }
}
