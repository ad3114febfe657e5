import type { FailureName, Outcome } from '../payer/outcome.ts';
import type { Account, Order, Payment } from './account.ts';
import { toOrderEntity, toPaymentEntity } from './entity.ts';
import { failures } from './failure.ts';
import { createId } from './id.ts';
import type { Instrument } from './instrument.ts';
import { razorpayErrors } from './razorpay.error.ts';
import { unixNow } from './unix-time.ts';
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
  attempt(attempt: {
    order: Order;
    instrument: Instrument;
    outcome: Outcome;
    amount?: number | undefined;
  }): Payment {
    const { order } = attempt;
    order.attempts += 1;
    if (order.status === 'created') order.status = 'attempted';
    return this.begin({
      ...attempt,
      orderId: order.id,
      qrCodeId: null,
      amount: attempt.amount ?? order.amount - order.amountPaid,
      currency: order.currency,
    });
  }

  /** One attempt of a payer to pay a QR code, which must be open. */
  scan(scanned: { qrCodeId: string; instrument: Instrument; outcome: Outcome; amount: number }): Payment {
    return this.begin({ ...scanned, orderId: null, currency: 'INR' });
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
    const order = this.findOrder(payment);
    if (payment.status === 'captured') throw razorpayErrors.orderAlreadyPaid();
    if (payment.status !== 'authorized') throw razorpayErrors.notAuthorized();
    if (order?.status === 'paid') throw razorpayErrors.orderAlreadyPaid();
    if (amount !== payment.amount) throw razorpayErrors.captureAmountDiffers();
    payment.status = 'captured';
    if (order !== null) order.amountPaid += payment.amount;
    if (order !== null && order.amountPaid >= order.amount) order.status = 'paid';
    this.webhooks.emit('payment.captured', { payment: toPaymentEntity(payment) });
    if (order?.status === 'paid')
      this.webhooks.emit('order.paid', { payment: toPaymentEntity(payment), order: toOrderEntity(order) });
  }

  private begin(begun: {
    orderId: string | null;
    qrCodeId: string | null;
    instrument: Instrument;
    outcome: Outcome;
    amount: number;
    currency: string;
  }): Payment {
    const { orderId, qrCodeId, amount, currency, instrument, outcome } = begun;
    const payment: Payment = {
      id: createId('pay'),
      orderId,
      qrCodeId,
      amount,
      currency,
      status: 'created',
      amountRefunded: 0,
      instrument,
      failure: null,
      createdAt: unixNow(),
    };
    this.account.payments.set(payment.id, payment);
    if (outcome !== 'pending') this.answer(payment, outcome);
    return payment;
  }

  private authorize(payment: Payment): void {
    const order = this.findOrder(payment);
    payment.status = 'authorized';
    payment.failure = null;
    this.webhooks.emit('payment.authorized', { payment: toPaymentEntity(payment) });
    const isAutomatic = order === null || (order.capture === 'automatic' && order.status !== 'paid');
    if (isAutomatic) this.capture(payment, payment.amount);
  }

  private fail(payment: Payment, reason: FailureName): void {
    payment.status = 'failed';
    payment.failure = failures[reason];
    this.webhooks.emit('payment.failed', { payment: toPaymentEntity(payment) });
  }

  /** Null for the payment of a QR code. */
  private findOrder({ orderId }: Payment): Order | null {
    if (orderId === null) return null;
    const order = this.account.orders.get(orderId);
    if (order === undefined) throw new Error('a payment always has its order');
    return order;
  }
}
