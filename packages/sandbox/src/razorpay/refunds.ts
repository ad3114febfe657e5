import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../control/faults.ts';
import type { Account, Payment, Refund } from './account.ts';
import { toPaymentEntity, toRefundEntity } from './entity.ts';
import { createId } from './id.ts';
import type { Notes } from './notes.ts';
import { razorpayErrors } from './razorpay.error.ts';
import { unixNow } from './unix-time.ts';
import type { Webhooks } from './webhooks.ts';

export interface RefundRequest {
  /** Paise; all that is left when absent. */
  amount?: number | undefined;
  speed: 'normal' | 'optimum';
  receipt: string | null;
  notes: Notes;
}

/** Accepts refunds and lets the bank process them in the background. */
export class Refunds {
  private readonly account: Account;
  private readonly webhooks: Webhooks;
  private readonly faults: Faults;
  private stopping = new AbortController();

  constructor(parts: { account: Account; webhooks: Webhooks; faults: Faults }) {
    this.account = parts.account;
    this.webhooks = parts.webhooks;
    this.faults = parts.faults;
  }

  /** @throws RazorpayError as the API answers when the payment cannot be refunded so */
  create(payment: Payment, request: RefundRequest): Refund {
    const remaining = payment.amount - payment.amountRefunded;
    if (payment.status !== 'captured') throw razorpayErrors.notCaptured();
    if (remaining === 0) throw razorpayErrors.fullyRefunded();
    const amount = request.amount ?? remaining;
    if (amount > remaining) throw razorpayErrors.refundTooLarge();
    const refund: Refund = {
      id: createId('rfnd'),
      paymentId: payment.id,
      amount,
      currency: payment.currency,
      receipt: request.receipt,
      notes: request.notes,
      status: 'pending',
      speedRequested: request.speed,
      createdAt: unixNow(),
    };
    this.account.refunds.set(refund.id, refund);
    payment.amountRefunded += amount;
    this.emit('refund.created', refund, payment);
    void this.process(refund, payment);
    return refund;
  }

  /** Forgets the refunds in work. */
  stop(): void {
    this.stopping.abort();
    this.stopping = new AbortController();
  }

  private async process(refund: Refund, payment: Payment): Promise<void> {
    const { signal } = this.stopping;
    try {
      const fault = await this.faults.strike({ call: 'razorpay.process-refund', step: 'before', signal });
      if (fault?.name === 'delayed') await sleep(fault.delayMs, undefined, { signal });
      this.finish(refund, payment, fault?.name === 'failed' ? 'failed' : 'processed');
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** The money of a failed refund goes back to the merchant's balance, so it can be refunded anew. */
  private finish(refund: Refund, payment: Payment, status: 'processed' | 'failed'): void {
    refund.status = status;
    if (status === 'failed') payment.amountRefunded -= refund.amount;
    this.emit(`refund.${status}`, refund, payment);
  }

  private emit(
    event: 'refund.created' | 'refund.processed' | 'refund.failed',
    refund: Refund,
    payment: Payment,
  ): void {
    this.webhooks.emit(event, { refund: toRefundEntity(refund), payment: toPaymentEntity(payment) });
  }
}
