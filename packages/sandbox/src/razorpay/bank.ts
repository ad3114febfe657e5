import { type Account, type Order, type Payment, unixNow } from './account.ts';
import { toOrderEntity, toPaymentEntity } from './entity.ts';
import { type FailureName, failures, type Outcome } from './failure.ts';
import { createId } from './id.ts';
import type { Instrument } from './instrument.ts';
import { razorpayErrors } from './razorpay.error.ts';
import type { Webhooks } from './webhooks.ts';

/** Moves payments through their states, keeps orders in step, and tells the merchant by webhooks. */
export class Bank {
  private readonly account: Account;
  private readonly webhooks: Webhooks;

  constructor(account: Account, webhooks: Webhooks) {
    this.account = account;
    this.webhooks = webhooks;
  }

  /**
   * One attempt of a payer to pay an order, which must not be paid yet.
   *
   * @param attempt.amount paise; what is due unless a test wants another amount to arrive
   */
  attempt(attempt: { order: Order; instrument: Instrument; outcome: Outcome; amount?: number }): Payment {
    const { order, instrument, outcome } = attempt;
    const payment: Payment = {
      id: createId('pay'),
      orderId: order.id,
      amount: attempt.amount ?? order.amount - order.amountPaid,
      currency: order.currency,
      status: 'created',
      amountRefunded: 0,
      instrument,
      failure: null,
      createdAt: unixNow(),
    };
    this.account.payments.set(payment.id, payment);
    order.attempts += 1;
    if (order.status === 'created') order.status = 'attempted';
    if (outcome !== 'pending') this.answer(payment, outcome);
    return payment;
  }

  /**
   * The bank's answer to a payment that is pending, or its late yes to one that looked failed.
   * A payment that comes too late for its order stays authorised: nobody captures it.
   */
  answer(payment: Payment, outcome: 'success' | FailureName): void {
    if (outcome === 'success') this.authorize(payment);
    else this.fail(payment, outcome);
  }

  /** @throws RazorpayError as the API answers when the payment cannot be captured */
  capture(payment: Payment, amount: number): void {
    const order = this.getOrder(payment);
    if (payment.status === 'captured') throw razorpayErrors.orderAlreadyPaid();
    if (payment.status !== 'authorized') throw razorpayErrors.notAuthorized();
    if (order.status === 'paid') throw razorpayErrors.orderAlreadyPaid();
    if (amount !== payment.amount) throw razorpayErrors.captureAmountDiffers();
    payment.status = 'captured';
    order.amountPaid += payment.amount;
    if (order.amountPaid >= order.amount) order.status = 'paid';
    this.webhooks.emit('payment.captured', { payment: toPaymentEntity(payment) });
    if (order.status === 'paid')
      this.webhooks.emit('order.paid', { payment: toPaymentEntity(payment), order: toOrderEntity(order) });
  }

  private authorize(payment: Payment): void {
    const order = this.getOrder(payment);
    payment.status = 'authorized';
    payment.failure = null;
    this.webhooks.emit('payment.authorized', { payment: toPaymentEntity(payment) });
    if (order.capture === 'automatic' && order.status !== 'paid') this.capture(payment, payment.amount);
  }

  private fail(payment: Payment, reason: FailureName): void {
    payment.status = 'failed';
    payment.failure = failures[reason];
    this.webhooks.emit('payment.failed', { payment: toPaymentEntity(payment) });
  }

  private getOrder(payment: Payment): Order {
    const order = this.account.orders.get(payment.orderId);
    if (order === undefined) throw new Error('a payment always has its order');
    return order;
  }
}
