import type { EventStore, UnitOfWork } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment } from '../generated/prisma/client.ts';
import { book } from '../ledger/ledger.record.ts';
import { toCaptured } from '../ledger/ledger.rules.ts';
import { VendorError, type VendorPayment, type VendorReference } from '../providers/payment-gateway.ts';
import { requestRefund } from '../refund/refund-request.ts';
import { appendCaptured, changePayment, lockInstallment, lockPayment } from './payment.record.ts';
import type { PaymentPlacementService } from './payment-placement.service.ts';
import {
  canBePaid,
  canFollow,
  heldStatuses,
  isMoneyTaken,
  isOpen,
  isUnplaced,
} from './payment-status.rules.ts';
import { decisiveAttempt, findMismatch, toStatus } from './vendor-payment.rules.ts';

export interface PaymentResolutionDependencies {
  readonly store: EventStore<Db>;
  readonly db: Db;
  readonly gateways: Gateways;
  readonly placement: PaymentPlacementService;
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
  readonly #gateways: Gateways;
  readonly #placement: PaymentPlacementService;
  readonly #log: Log;
  readonly #now: () => Date;

  constructor({ store, db, gateways, placement, log, now }: PaymentResolutionDependencies) {
    this.#store = store;
    this.#db = db;
    this.#gateways = gateways;
    this.#placement = placement;
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
    const placed = isUnplaced(payment.status) ? await this.#placement.resume(payment) : payment;
    if (!placed?.vendorOrderId) return placed ?? payment;
    const attempts = await this.#gateways.get(placed.gateway).listPayments(placed.vendorOrderId);
    const attempt = decisiveAttempt(attempts);
    const current = attempt ? await this.take(placed, attempt) : placed;
    return current && isOpen(current.status) ? this.#expire(current) : current;
  }

  /** Takes a vendor's word about an attempt, and the money too where the bank has only set it aside. */
  async take(payment: Payment, attempt: VendorPayment): Promise<Payment | null> {
    const isWanted = attempt.status === 'AUTHORIZED' && !payment.supersededAt;
    if (!isWanted || findMismatch(payment, attempt)) return this.#apply(payment, attempt);
    await this.#apply(payment, attempt);
    return this.#apply(payment, await this.#capture(payment, attempt));
  }

  /** Takes a vendor's word about an attempt to pay. What the transition table does not allow changes nothing. */
  #apply(known: Payment, attempt: VendorPayment): Promise<Payment | null> {
    return this.#store.transact(async (unit) => {
      // A capture decides about other attempts for the same debt, so these take turns.
      if (attempt.status === 'CAPTURED') await lockInstallment(unit.tx, known.installmentId);
      const payment = await lockPayment(unit.tx, known.id);
      // What becomes of money that was taken is told by refunds: the vendor calls it captured all the time.
      if (!payment || isMoneyTaken(payment.status)) return payment;
      const status = toStatus(payment, attempt);
      if (!status || !canFollow(payment.status, status)) return payment;
      if (status === 'CAPTURED') return this.#recordCaptured(unit, payment, attempt);
      const mismatch = status === 'QUARANTINED' ? findMismatch(payment, attempt) : null;
      if (mismatch)
        this.#log.error(
          { alert: 'payment-quarantined', paymentId: payment.id, mismatch },
          'a payment is not what was asked for',
        );
      return changePayment(unit, payment, {
        status,
        ...(mismatch && { quarantineReason: mismatch }),
        ...(status === 'FAILED' ? { failureCode: attempt.failureCode } : { vendorPaymentId: attempt.id }),
      });
    });
  }

  /** Finds the payment that a vendor's attempt belongs to, also when the order's answer never reached us. */
  async findFor(attempt: VendorPayment, gateway: Payment['gateway']): Promise<Payment | null> {
    if (!attempt.orderId) return null;
    const known = await this.#db.payment.findUnique({ where: { vendorOrderId: attempt.orderId } });
    return known ?? this.#placement.adopt(gateway, attempt.orderId);
  }

  /** @throws VendorError when the vendor cannot be asked. */
  async confirm(payment: Payment, reference: VendorReference): Promise<Payment> {
    const attempt = await this.#gateways.get(payment.gateway).getPayment(reference);
    return (await this.take(payment, attempt)) ?? payment;
  }

  async #recordCaptured(unit: UnitOfWork<Db>, payment: Payment, attempt: VendorPayment): Promise<Payment> {
    const feeMinor = attempt.feeMinor === null ? null : BigInt(attempt.feeMinor);
    const isSecond = await hasOtherCapture(unit.tx, payment);
    const captured = await changePayment(unit, payment, {
      status: 'CAPTURED',
      vendorPaymentId: attempt.id,
      capturedAt: this.#now(),
      feeMinor,
      failureCode: null,
      ...(isSecond && { settlement: 'REJECTED' }),
    });
    await book(unit.tx, captured, toCaptured(captured, feeMinor));
    if (!isSecond) {
      await appendCaptured(unit.append, captured);
      return captured;
    }
    await requestRefund(unit, captured, {
      amountMinor: captured.amountMinor,
      cause: 'SUPERSEDED',
      reason: 'ALREADY_PAID',
      key: 'superseded',
      requestedBy: 'payments',
    });
    return captured;
  }

  /** An order that was paid by another attempt meanwhile leaves this one as it is; the vendor gives it back. */
  async #capture(payment: Payment, attempt: VendorPayment): Promise<VendorPayment> {
    try {
      return await this.#gateways.get(payment.gateway).capture(attempt);
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      this.#log.warn({ paymentId: payment.id, outcome: error.outcome, error }, 'the money was not captured');
      return attempt;
    }
  }

  async #expire(payment: Payment): Promise<Payment> {
    if (payment.expiresAt > this.#now()) return payment;
    return this.#store.transact(async (unit) => {
      const current = await lockPayment(unit.tx, payment.id);
      if (!current || !canFollow(current.status, 'EXPIRED')) return current ?? payment;
      return changePayment(unit, current, { status: 'EXPIRED' });
    });
  }
}

/** Whether the debt is paid by another attempt already: then this money goes back. */
async function hasOtherCapture(tx: Db, { id, installmentId }: Payment): Promise<boolean> {
  const other = await tx.payment.findFirst({
    where: {
      installmentId,
      id: { not: id },
      status: { in: [...heldStatuses] },
      settlement: { not: 'REJECTED' },
    },
    select: { id: true },
  });
  return other !== null;
}
