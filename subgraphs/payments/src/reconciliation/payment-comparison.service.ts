import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment, ReconciliationReport } from '../generated/prisma/client.ts';
import type { PaymentResolutionService } from '../payment/payment-resolution.service.ts';
import { isMoneyTaken } from '../payment/payment-status.rules.ts';
import { decisiveAttempt } from '../payment/vendor-payment.rules.ts';
import type { VendorPayment } from '../providers/payment-gateway.ts';
import {
  afterRow,
  type ComparedKind,
  type ComparedPage,
  type Comparison,
  pageOrder,
  pageSize,
} from './comparison.ts';
import { toBucket } from './reconciliation.rules.ts';
import { toComparedPayments } from './reconciliation.service.ts';

export interface PaymentComparisonDependencies {
  readonly db: Db;
  readonly gateways: Gateways;
  readonly resolution: PaymentResolutionService;
}

/** Puts payments beside the vendors'. Money that came and that we did not know of is taken in. */
export class PaymentComparisonService implements ComparedKind {
  readonly #db: Db;
  readonly #gateways: Gateways;
  readonly #resolution: PaymentResolutionService;

  constructor({ db, gateways, resolution }: PaymentComparisonDependencies) {
    this.#db = db;
    this.#gateways = gateways;
    this.#resolution = resolution;
  }

  async nextPage(report: ReconciliationReport): Promise<ComparedPage | null> {
    const { afterId: id } = report;
    const last = id ? await this.#db.payment.findUnique({ where: { id } }) : null;
    const payments = await this.#db.payment.findMany({
      where: { AND: [toComparedPayments(report), afterRow(last)] },
      orderBy: pageOrder,
      take: pageSize,
    });
    const afterId = payments.at(-1)?.id;
    if (!afterId) return null;
    const attempts = await Promise.all(payments.map((payment) => this.#listAttempts(payment)));
    const compared = await Promise.all(
      payments.map((payment, at) => this.#compare(payment, attempts[at] ?? [])),
    );
    return { compared, place: { afterId } };
  }

  /** Money that belongs to no payment of ours. */
  async findStrays(period: ReconciliationReport): Promise<Comparison[]> {
    const strays: Comparison[] = [];
    for (const gateway of this.#gateways.all()) {
      const listed = (await gateway.listPaymentsBetween(period)) ?? [];
      const captured = listed.filter(({ status }) => status === 'CAPTURED');
      for (const payment of captured)
        if (await this.#isStray(payment, gateway.terms.name))
          strays.push(toStray(payment, gateway.terms.name));
    }
    return strays;
  }

  async #listAttempts({ gateway, vendorOrderId }: Payment): Promise<VendorPayment[]> {
    return vendorOrderId ? this.#gateways.get(gateway).listPayments(vendorOrderId) : [];
  }

  async #compare(payment: Payment, attempts: readonly VendorPayment[]): Promise<Comparison> {
    const { gateway, id: paymentId, amountMinor, currency } = payment;
    const theirs = decisiveAttempt(attempts);
    const bucket = toBucket(payment, attempts);
    const after = theirs && bucket !== 'MATCHED' ? await this.#resolution.take(payment, theirs) : null;
    return {
      ...ofPayment(gateway),
      bucket,
      paymentId,
      vendorPaymentId: theirs?.id ?? null,
      expectedMinor: amountMinor,
      foundMinor: theirs ? BigInt(theirs.amountMinor) : null,
      currency,
      isRepaired: bucket === 'MISSING_HERE' && after !== null && isMoneyTaken(after.status),
    };
  }

  async #isStray(theirs: VendorPayment, gateway: Payment['gateway']): Promise<boolean> {
    const known = await this.#db.payment.count({ where: { vendorPaymentId: theirs.id } });
    if (known > 0) return false;
    const payment = await this.#resolution.findFor(theirs, gateway);
    if (!payment) return true;
    await this.#resolution.take(payment, theirs);
    return false;
  }
}

function ofPayment(gateway: Payment['gateway']) {
  return { gateway, refundId: null, vendorRefundId: null };
}

function toStray(theirs: VendorPayment, gateway: Payment['gateway']): Comparison {
  return {
    ...ofPayment(gateway),
    bucket: 'MISSING_HERE',
    paymentId: null,
    vendorPaymentId: theirs.id,
    expectedMinor: null,
    foundMinor: BigInt(theirs.amountMinor),
    currency: theirs.currency,
    isRepaired: false,
  };
}
