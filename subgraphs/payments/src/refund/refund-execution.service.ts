import { isUuid } from '@suvidha/db';
import type { EventStore, UnitOfWork } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment, Refund, RefundStatus } from '../generated/prisma/client.ts';
import { planReceipt } from '../jobs/issue-receipt.job.ts';
import { book, reverse } from '../ledger/ledger.record.ts';
import { refundProcessedKey, refundRequestedKey, toRefundProcessed } from '../ledger/ledger.rules.ts';
import { changePayment, lockPayment } from '../payment/payment.record.ts';
import { canFollow, toRefundedStatus } from '../payment/payment-status.rules.ts';
import { type RefundRequest, VendorError, type VendorRefund } from '../providers/payment-gateway.ts';
import { changeRefund } from './refund.record.ts';
import { toReplacement } from './refund-replacement.rules.ts';
import { requestRefund } from './refund-request.ts';
import { canRefundFollow, isRefundOpen } from './refund-status.rules.ts';

/** What a vendor says of a refund; one that it refused has no id there. */
type RefundAnswer = Pick<VendorRefund, 'status' | 'failureCode'> & { readonly id: string | null };

export type RefundOfPayment = Refund & { readonly payment: Payment };

/** How a vendor calls a refund: by its own id, and by ours where it repeats it. */
interface RefundReference {
  readonly vendorRefundId: string;
  readonly refundId: string | null;
}

export interface RefundExecutionDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly gateways: Gateways;
  readonly log: Log;
  readonly now: () => Date;
}

/** Brings refunds to what is true at the vendor. */
export class RefundExecutionService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #gateways: Gateways;
  readonly #log: Log;
  readonly #now: () => Date;

  constructor({ db, store, gateways, log, now }: RefundExecutionDependencies) {
    this.#db = db;
    this.#store = store;
    this.#gateways = gateways;
    this.#log = log;
    this.#now = now;
  }

  /**
   * Asks the vendor to give the money back, or how far it is, and records the answer. Safe to repeat and to do twice
   * at once: the refund's id is the vendor's idempotency key, and what it leads to is recorded once. A time-out leaves
   * it UNKNOWN, and the next call looks before it asks again.
   */
  async execute(refundId: string): Promise<Refund> {
    const refund = await this.#db.refund.findUniqueOrThrow({
      where: { id: refundId },
      include: { payment: true },
    });
    if (!isRefundOpen(refund.status)) return refund;
    try {
      const answer = await this.#ask(refund);
      return answer ? await this.apply(refundId, answer) : refund;
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      this.#log.warn({ refundId, outcome: error.outcome, error }, 'the vendor did not answer about a refund');
      return error.outcome === 'UNSENT' ? refund : this.#move(refundId, 'UNKNOWN', {});
    }
  }

  /** Takes the vendor's word about a refund, in any order and any number of times. */
  apply(refundId: string, { id, status, failureCode }: RefundAnswer): Promise<Refund> {
    return this.#move(refundId, status, {
      ...(id && { vendorRefundId: id }),
      ...(failureCode && { failureCode }),
    });
  }

  /** The refund that a vendor's webhook speaks of, asked about anew. Null: it is none of ours. */
  async applyHint(hint: RefundReference, gateway: Payment['gateway']): Promise<Refund | null> {
    const refund = await this.findFor(hint, gateway);
    const answer = refund && (await this.findAtVendor(refund));
    return answer ? this.apply(refund.id, answer) : refund;
  }

  /** The refund that a vendor speaks of. Null: we never asked for it. */
  findFor(
    { vendorRefundId, refundId }: RefundReference,
    gateway: Payment['gateway'],
  ): Promise<RefundOfPayment | null> {
    // People who refund in the vendor's dashboard write what they like where our id would be.
    const ours = refundId && isUuid(refundId) ? [{ id: refundId }] : [];
    return this.#db.refund.findFirst({
      where: { OR: [{ vendorRefundId }, ...ours], payment: { gateway } },
      include: { payment: true },
    });
  }

  /**
   * A refund of ours as its vendor has it. Null: the vendor has none under our id.
   * @throws VendorError when the vendor cannot be asked; that decides nothing.
   */
  async findAtVendor(refund: RefundOfPayment): Promise<VendorRefund | null> {
    const request = toRequest(refund);
    return request && this.#gateways.get(refund.payment.gateway).findRefund(request);
  }

  /** A first call asks for the refund; every later one looks first. Null: there is nothing new. */
  async #ask(refund: RefundOfPayment): Promise<RefundAnswer | null> {
    const request = toRequest(refund);
    if (!request) return null;
    const gateway = this.#gateways.get(refund.payment.gateway);
    const known = refund.status === 'CREATED' ? null : await gateway.findRefund(request);
    if (known || refund.status === 'PENDING') return known;
    return gateway.refund(request).catch(async (error: unknown) => {
      const refusal = toRefusal(error);
      // It may refuse a second call for what the first has done, whose answer was lost with its process.
      return (await gateway.findRefund(request)) ?? refusal;
    });
  }

  #move(
    refundId: string,
    status: RefundStatus,
    data: { vendorRefundId?: string; failureCode?: string },
  ): Promise<Refund> {
    return this.#store.transact(async (unit) => {
      const { paymentId } = await unit.tx.refund.findUniqueOrThrow({ where: { id: refundId } });
      const payment = await lockPayment(unit.tx, paymentId);
      const refund = await unit.tx.refund.findUniqueOrThrow({ where: { id: refundId } });
      if (!payment || !canRefundFollow(refund.status, status)) return refund;
      const processedAt = status === 'PROCESSED' ? { processedAt: this.#now() } : {};
      const after = await changeRefund(unit, { refund, payment }, { status, ...data, ...processedAt });
      if (status === 'PROCESSED') await this.#recordProcessed(unit, payment, after);
      if (status === 'FAILED') await this.#recordFailed(unit, payment, refund);
      return after;
    });
  }

  async #recordProcessed(unit: UnitOfWork<Db>, payment: Payment, refund: Refund): Promise<void> {
    await book(unit.tx, payment, [toRefundProcessed(refund)]);
    await countRefunded(unit, payment, { refundedMinor: payment.refundedMinor + refund.amountMinor });
    await planReceipt(unit.tx, { refundId: refund.id });
  }

  /** The money is ours again: what was set aside is free, and what must go back is tried anew. */
  async #recordFailed(unit: UnitOfWork<Db>, payment: Payment, before: Refund): Promise<void> {
    await reverse(unit.tx, payment, [refundProcessedKey(before.id), refundRequestedKey(before.id)]);
    const wasProcessed = before.status === 'PROCESSED';
    const after = await countRefunded(unit, payment, {
      refundReservedMinor: payment.refundReservedMinor - before.amountMinor,
      refundedMinor: payment.refundedMinor - (wasProcessed ? before.amountMinor : 0n),
    });
    this.#log.error(
      { alert: 'refund-failed', refundId: before.id, paymentId: payment.id },
      'a refund failed',
    );
    const replacement = toReplacement(before, this.#now());
    if (replacement) await requestRefund(unit, after, replacement);
  }
}

/** Records the sums of a locked payment; its status follows from them, and is an event where it changes. */
async function countRefunded(
  unit: UnitOfWork<Db>,
  payment: Payment,
  sums: { refundedMinor: bigint; refundReservedMinor?: bigint },
): Promise<Payment> {
  const status = toRefundedStatus({ ...payment, ...sums });
  if (canFollow(payment.status, status)) return changePayment(unit, payment, { ...sums, status });
  if (sums.refundedMinor !== payment.refundedMinor) return changePayment(unit, payment, sums);
  return unit.tx.payment.update({ where: { id: payment.id }, data: sums });
}

function toRequest({ id, amountMinor, currency, payment }: RefundOfPayment): RefundRequest | null {
  const { vendorPaymentId, vendorOrderId } = payment;
  if (!vendorPaymentId || !vendorOrderId) return null;
  return { refundId: id, vendorPaymentId, vendorOrderId, amountMinor: Number(amountMinor), currency };
}

/** Nothing happened at the vendor, and the same request would be refused again. */
function toRefusal(error: unknown): RefundAnswer {
  if (!(error instanceof VendorError) || error.outcome !== 'REFUSED') throw error;
  return { id: null, status: 'FAILED', failureCode: error.vendorCode ?? 'REFUSED' };
}
