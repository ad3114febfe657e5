import { uuidv7 } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment, ReconciliationBucket, ReconciliationReport } from '../generated/prisma/client.ts';
import type { LedgerService } from '../ledger/ledger.service.ts';
import type { PaymentResolutionService } from '../payment/payment-resolution.service.ts';
import { isMoneyTaken } from '../payment/payment-status.rules.ts';
import { decisiveAttempt } from '../payment/vendor-payment.rules.ts';
import type { VendorPayment } from '../providers/payment-gateway.ts';
import { counterOf, toBucket } from './reconciliation.rules.ts';
import { toCompared } from './reconciliation.service.ts';

/** Payments that are compared before their result is stored. */
const pageSize = 25;

/** One line of a comparison. */
interface Comparison {
  readonly bucket: ReconciliationBucket;
  readonly gateway: Payment['gateway'];
  readonly paymentId: string | null;
  readonly vendorPaymentId: string | null;
  readonly expectedMinor: bigint | null;
  readonly foundMinor: bigint | null;
  readonly currency: string;
  readonly isRepaired: boolean;
}

export interface ReconciliationRunDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly gateways: Gateways;
  readonly resolution: PaymentResolutionService;
  readonly ledger: LedgerService;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Does a comparison, page by page. What is safe is repaired: money that came and that we did not know of. The rest is
 * reported, and staff decide.
 */
export class ReconciliationRunService {
  readonly #parts: ReconciliationRunDependencies;

  constructor(parts: ReconciliationRunDependencies) {
    this.#parts = parts;
  }

  /**
   * Goes on from the last page that was stored, so that a process that died is followed.
   * @throws VendorError when a vendor cannot be asked; the job then comes again.
   */
  async run(reportId: string): Promise<void> {
    for (;;) {
      const report = await this.#parts.db.reconciliationReport.findUniqueOrThrow({ where: { id: reportId } });
      if (report.status === 'DONE') return;
      const payments = await this.#nextPage(report);
      if (payments.length === 0) return this.#finish(report);
      const compared = await Promise.all(payments.map((payment) => this.#compare(payment)));
      await this.#storePage(report, payments.at(-1)?.id ?? null, compared);
    }
  }

  #nextPage(report: ReconciliationReport): Promise<Payment[]> {
    return this.#parts.db.payment.findMany({
      where: { AND: [toCompared(report), ...(report.afterId ? [{ id: { gt: report.afterId } }] : [])] },
      orderBy: { id: 'asc' },
      take: pageSize,
    });
  }

  async #compare(payment: Payment): Promise<Comparison> {
    const { gateways, resolution, log } = this.#parts;
    const { gateway, vendorOrderId, id: paymentId, amountMinor, currency } = payment;
    const attempts = vendorOrderId ? await gateways.get(gateway).listPayments(vendorOrderId) : [];
    const theirs = decisiveAttempt(attempts);
    const bucket = toBucket(payment, attempts);
    const after = theirs && bucket !== 'MATCHED' ? await resolution.take(payment, theirs) : null;
    if (bucket !== 'MATCHED')
      log.error({ alert: 'reconciliation', paymentId, bucket }, 'our books and the vendor differ');
    return {
      bucket,
      gateway,
      paymentId,
      vendorPaymentId: theirs?.id ?? null,
      expectedMinor: amountMinor,
      foundMinor: theirs ? BigInt(theirs.amountMinor) : null,
      currency,
      isRepaired: bucket === 'MISSING_HERE' && after !== null && isMoneyTaken(after.status),
    };
  }

  /** Counted once, also when two processes did the same page. */
  async #storePage(
    report: ReconciliationReport,
    afterId: string | null,
    compared: readonly Comparison[],
  ): Promise<void> {
    await this.#parts.store.transact(async ({ tx }) => {
      const { count } = await tx.reconciliationReport.updateMany({
        where: { id: report.id, status: 'RUNNING', afterId: report.afterId },
        data: { afterId, checked: { increment: compared.length }, ...toIncrements(compared) },
      });
      if (count === 1) await storeFindings(tx, report.id, compared);
    });
  }

  async #finish(report: ReconciliationReport): Promise<void> {
    const strays = report.scope === 'ALL' ? await this.#findStrays(report) : [];
    const isLedgerEven = report.scope === 'ALL' ? await this.#isLedgerEven() : null;
    await this.#parts.store.transact(async ({ tx }) => {
      const { count } = await tx.reconciliationReport.updateMany({
        where: { id: report.id, status: 'RUNNING', afterId: report.afterId },
        data: {
          status: 'DONE',
          finishedAt: this.#parts.now(),
          isLedgerEven,
          ...toIncrements(strays),
        },
      });
      if (count === 1) await storeFindings(tx, report.id, strays);
    });
  }

  /** Money at a vendor, where it can list it, that belongs to no payment of ours. */
  async #findStrays(period: ReconciliationReport): Promise<Comparison[]> {
    const strays: Comparison[] = [];
    for (const gateway of this.#parts.gateways.all()) {
      const listed = (await gateway.listPaymentsBetween(period)) ?? [];
      const captured = listed.filter(({ status }) => status === 'CAPTURED');
      for (const payment of captured)
        if (await this.#isStray(payment, gateway.terms.name))
          strays.push(toStray(payment, gateway.terms.name));
    }
    return strays;
  }

  async #isStray(theirs: VendorPayment, gateway: Payment['gateway']): Promise<boolean> {
    const known = await this.#parts.db.payment.count({ where: { vendorPaymentId: theirs.id } });
    if (known > 0) return false;
    const payment = await this.#parts.resolution.findFor(theirs, gateway);
    if (!payment) return true;
    await this.#parts.resolution.take(payment, theirs);
    return false;
  }

  async #isLedgerEven(): Promise<boolean> {
    const isEven = await this.#parts.ledger.isEven();
    if (!isEven) this.#parts.log.error({ alert: 'ledger-uneven' }, 'the books are not even');
    return isEven;
  }
}

function toStray(theirs: VendorPayment, gateway: Payment['gateway']): Comparison {
  return {
    bucket: 'MISSING_HERE',
    gateway,
    paymentId: null,
    vendorPaymentId: theirs.id,
    expectedMinor: null,
    foundMinor: BigInt(theirs.amountMinor),
    currency: theirs.currency,
    isRepaired: false,
  };
}

function toIncrements(compared: readonly Comparison[]) {
  const counts = Object.groupBy(compared, ({ bucket }) => counterOf[bucket]);
  return Object.fromEntries(
    Object.entries(counts).map(([counter, rows]) => [counter, { increment: rows.length }]),
  );
}

async function storeFindings(tx: Db, reportId: string, compared: readonly Comparison[]): Promise<void> {
  const findings = compared.filter(({ bucket }) => bucket !== 'MATCHED');
  await tx.reconciliationFinding.createMany({
    data: findings.map((finding) => ({ id: uuidv7(), reportId, ...finding })),
  });
}
