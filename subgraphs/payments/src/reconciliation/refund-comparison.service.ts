import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment, ReconciliationReport } from '../generated/prisma/client.ts';
import type { VendorRefund } from '../providers/payment-gateway.ts';
import type { RefundExecutionService, RefundOfPayment } from '../refund/refund-execution.service.ts';
import {
  afterRow,
  type ComparedKind,
  type ComparedPage,
  type Comparison,
  pageOrder,
  pageSize,
} from './comparison.ts';
import { toRefundBucket } from './reconciliation.rules.ts';
import { toComparedRefunds } from './reconciliation.service.ts';

export interface RefundComparisonDependencies {
  readonly db: Db;
  readonly gateways: Gateways;
  readonly refunds: RefundExecutionService;
}

/**
 * Puts refunds beside the vendors'. The vendor's word is taken where the transition table allows it; money that left
 * without being asked for is only reported, never booked.
 */
export class RefundComparisonService implements ComparedKind {
  readonly #db: Db;
  readonly #gateways: Gateways;
  readonly #refunds: RefundExecutionService;

  constructor({ db, gateways, refunds }: RefundComparisonDependencies) {
    this.#db = db;
    this.#gateways = gateways;
    this.#refunds = refunds;
  }

  async nextPage(report: ReconciliationReport): Promise<ComparedPage | null> {
    const { afterRefundId: id } = report;
    const last = id ? await this.#db.refund.findUnique({ where: { id } }) : null;
    const refunds = await this.#db.refund.findMany({
      where: { AND: [toComparedRefunds(report), afterRow(last)] },
      include: { payment: true },
      orderBy: pageOrder,
      take: pageSize,
    });
    const afterRefundId = refunds.at(-1)?.id;
    if (!afterRefundId) return null;
    const theirs = await Promise.all(refunds.map((refund) => this.#refunds.findAtVendor(refund)));
    const compared = await Promise.all(
      refunds.map((refund, at) => this.#compare(refund, theirs[at] ?? null)),
    );
    return { compared, place: { afterRefundId } };
  }

  /** Money that went back without a refund of ours, or twice for one. A refund that failed moved none. */
  async findStrays(period: ReconciliationReport): Promise<Comparison[]> {
    const strays: Comparison[] = [];
    for (const gateway of this.#gateways.all()) {
      const listed = (await gateway.listRefundsBetween(period)) ?? [];
      const moved = listed.filter(({ status }) => status !== 'FAILED');
      for (const same of Map.groupBy(moved, ({ id, refundId }) => refundId ?? id).values())
        strays.push(...(await this.#toStrays(same, gateway.terms.name)));
    }
    return strays;
  }

  async #compare(refund: RefundOfPayment, theirs: VendorRefund | null): Promise<Comparison> {
    const bucket = toRefundBucket(refund, theirs);
    const after = theirs && bucket === 'STATUS_DIFFERS' ? await this.#refunds.apply(refund.id, theirs) : null;
    return {
      ...ofOurs(refund),
      bucket,
      vendorRefundId: theirs?.id ?? refund.vendorRefundId,
      foundMinor: toMinor(theirs),
      isRepaired: after !== null && after.status === theirs?.status,
    };
  }

  /** @param same what the vendor lists under one id of ours, or one refund that has none */
  async #toStrays(same: readonly VendorRefund[], gateway: Payment['gateway']): Promise<Comparison[]> {
    const [first] = same;
    if (!first) return [];
    const ours = await this.#refunds.findFor({ ...first, vendorRefundId: first.id }, gateway);
    if (!ours) return Promise.all(same.map((theirs) => this.#toStray(theirs, gateway)));
    const kept = same.find(({ id }) => id === ours.vendorRefundId) ?? first;
    return same.filter((theirs) => theirs !== kept).map((theirs) => toDuplicate(ours, theirs));
  }

  async #toStray(theirs: VendorRefund, gateway: Payment['gateway']): Promise<Comparison> {
    const { id, vendorPaymentId, currency } = theirs;
    const payment = await this.#db.payment.findUnique({ where: { vendorPaymentId } });
    return {
      bucket: 'MISSING_HERE',
      gateway,
      paymentId: payment?.id ?? null,
      vendorPaymentId,
      refundId: null,
      vendorRefundId: id,
      expectedMinor: null,
      foundMinor: toMinor(theirs),
      currency,
      isRepaired: false,
    };
  }
}

function ofOurs({ id, payment, amountMinor, currency }: RefundOfPayment) {
  return {
    gateway: payment.gateway,
    paymentId: payment.id,
    vendorPaymentId: payment.vendorPaymentId,
    refundId: id,
    expectedMinor: amountMinor,
    currency,
  };
}

function toDuplicate(ours: RefundOfPayment, theirs: VendorRefund): Comparison {
  return {
    ...ofOurs(ours),
    bucket: 'DUPLICATE',
    vendorRefundId: theirs.id,
    foundMinor: toMinor(theirs),
    isRepaired: false,
  };
}

function toMinor(theirs: VendorRefund | null): bigint | null {
  return theirs?.amountMinor == null ? null : BigInt(theirs.amountMinor);
}
