import type { EventStore } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { Db } from '../db.ts';
import type { Payment, PaymentStatus, Prisma } from '../generated/prisma/client.ts';
import {
  type PaymentGatewayPort,
  VendorError,
  type VendorOrder,
  type VendorPayment,
} from '../providers/payment-gateway.ts';
import { changePayment, lockPayment } from './payment.record.ts';
import { canBePaid, canFollow, isOpen, isUnplaced } from './payment-status.rules.ts';
import { decisiveAttempt, toStatus } from './vendor-payment.rules.ts';

export interface PaymentResolutionDependencies {
  readonly store: EventStore<Db>;
  readonly db: Db;
  readonly gateway: PaymentGatewayPort;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Brings a payment to what is true at the vendor. Everything that learns something (the client's call, a webhook, a
 * job, a person who asks) ends here, in any order and any number of times.
 */
export class PaymentResolutionService {
  readonly #store: EventStore<Db>;
  readonly #db: Db;
  readonly #gateway: PaymentGatewayPort;
  readonly #log: Log;
  readonly #now: () => Date;

  constructor({ store, db, gateway, log, now }: PaymentResolutionDependencies) {
    this.#store = store;
    this.#db = db;
    this.#gateway = gateway;
    this.#log = log;
    this.#now = now;
  }

  /**
   * Asks the vendor for whatever is not decided yet, which includes payments that look lost.
   * @throws VendorError when the vendor cannot be asked; that decides nothing.
   */
  async resolve(paymentId: string): Promise<Payment | null> {
    const payment = await this.#db.payment.findUnique({ where: { id: paymentId } });
    if (!payment || !canBePaid(payment.status)) return payment;
    const placed = isUnplaced(payment.status) ? await this.#findOrPlaceOrder(payment) : payment;
    if (!placed.vendorOrderId) return placed;
    const attempt = decisiveAttempt(await this.#gateway.listPayments(placed.vendorOrderId));
    const current = attempt ? await this.apply(placed.id, attempt) : placed;
    return current && isOpen(current.status) ? this.#expire(current) : current;
  }

  /** The same for a payer who waits for the answer: a vendor's fault leaves the payment UNKNOWN. */
  async resolveForPayer(payment: Payment): Promise<Payment> {
    try {
      return (await this.resolve(payment.id)) ?? payment;
    } catch (error) {
      return this.#recordFailure(payment.id, error, 'UNKNOWN');
    }
  }

  /** Takes a vendor's word about an attempt to pay. What the transition table does not allow changes nothing. */
  apply(paymentId: string, attempt: VendorPayment): Promise<Payment | null> {
    return this.#store.transact(async (unit) => {
      const payment = await lockPayment(unit.tx, paymentId);
      const status = payment && toStatus(payment, attempt);
      if (!payment || !status || !canFollow(payment.status, status)) return payment;
      if (status === 'QUARANTINED')
        this.#log.error({ paymentId }, 'a payment does not match what was asked for');
      const after = await changePayment(unit, payment, {
        status,
        ...(status !== 'FAILED' && { vendorPaymentId: attempt.id }),
      });
      if (status === 'CAPTURED') await unit.append(toCaptured(after));
      return after;
    });
  }

  /** Finds the payment that a vendor's attempt belongs to, also when the order's answer never reached us. */
  async findFor(attempt: VendorPayment): Promise<Payment | null> {
    if (!attempt.orderId) return null;
    const known = await this.#db.payment.findUnique({ where: { vendorOrderId: attempt.orderId } });
    if (known) return known;
    const order = await this.#gateway.getOrder(attempt.orderId);
    const payment = order.receipt && (await this.#db.payment.findFirst({ where: { id: order.receipt } }));
    return payment
      ? this.#recordOrder(payment.id, (await this.#gateway.findOrder(toOrderRequest(payment))) ?? order)
      : null;
  }

  /** An earlier call may have reached the vendor: look before asking again. */
  async #findOrPlaceOrder(payment: Payment): Promise<Payment> {
    const order = await this.#gateway.findOrder(toOrderRequest(payment));
    if (order) return this.#recordOrder(payment.id, order);
    return this.#isOverdue(payment) ? this.#expire(payment) : this.#place(payment);
  }

  async #place(payment: Payment): Promise<Payment> {
    try {
      return await this.#recordOrder(payment.id, await this.#gateway.createOrder(toOrderRequest(payment)));
    } catch (error) {
      const isRefused = error instanceof VendorError && error.outcome === 'REFUSED';
      return this.#recordFailure(payment.id, error, isRefused ? 'FAILED' : 'UNKNOWN');
    }
  }

  /**
   * Records the vendor's order once; a second order for the same payment is never shown to anybody. The order of a
   * payment that is over is recorded too, so that money which comes for it is known, but nobody is sent to pay it.
   */
  #recordOrder(paymentId: string, order: VendorOrder): Promise<Payment> {
    return this.#change(paymentId, (payment) => {
      if (payment.vendorOrderId) return null;
      const isAwaited = canFollow(payment.status, 'PENDING');
      return {
        vendorOrderId: order.id,
        ...(isAwaited && { status: 'PENDING', checkoutUrl: order.checkoutUrl }),
      };
    });
  }

  /** Another caller may have had an order meanwhile; then this failure says nothing. */
  #recordFailure(paymentId: string, error: unknown, status: 'FAILED' | 'UNKNOWN'): Promise<Payment> {
    if (!(error instanceof VendorError)) throw error;
    this.#log.warn({ paymentId, outcome: error.outcome, error }, 'the vendor gave no order');
    return this.#change(paymentId, (payment) => (isUnplaced(payment.status) ? { status } : null));
  }

  async #expire(payment: Payment): Promise<Payment> {
    if (!this.#isOverdue(payment)) return payment;
    return this.#change(payment.id, () => ({ status: 'EXPIRED' }));
  }

  #isOverdue({ expiresAt }: Payment): boolean {
    return expiresAt <= this.#now();
  }

  /** Changes a payment as `decide` says of its state under lock, if the transition table allows it. Null: not at all. */
  #change(paymentId: string, decide: (payment: Payment) => PaymentChange | null): Promise<Payment> {
    return this.#store.transact(async (unit) => {
      const payment = await lockPayment(unit.tx, paymentId);
      if (!payment) throw new Error('a payment is never deleted');
      const change = decide(payment);
      const isAllowed = change && (!change.status || canFollow(payment.status, change.status));
      return isAllowed ? changePayment(unit, payment, change) : payment;
    });
  }
}

type PaymentChange = Prisma.PaymentUpdateInput & { readonly status?: PaymentStatus };

function toOrderRequest(payment: Payment) {
  return {
    paymentId: payment.id,
    amountMinor: Number(payment.amountMinor),
    currency: payment.currency,
    returnUrl: payment.returnUrl,
  };
}

function toCaptured(payment: Payment) {
  return {
    type: 'payment.captured' as const,
    aggregateType: 'payment' as const,
    aggregateId: payment.id,
    payload: {
      paymentId: payment.id,
      payable: { type: payment.payableType, id: payment.payableId },
      installmentId: payment.installmentId,
      payer: payment.payer,
      amountMinor: Number(payment.amountMinor),
      currency: payment.currency,
    },
  };
}
