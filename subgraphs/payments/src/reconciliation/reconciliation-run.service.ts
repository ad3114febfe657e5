import { uuidv7 } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { Db } from '../db.ts';
import type { Prisma, ReconciliationReport } from '../generated/prisma/client.ts';
import type { LedgerService } from '../ledger/ledger.service.ts';
import type { ComparedKind, ComparedPage, Comparison } from './comparison.ts';
import { counterOf } from './reconciliation.rules.ts';

export interface ReconciliationRunDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  /** What is compared, one kind after the other. */
  readonly kinds: readonly ComparedKind[];
  readonly ledger: LedgerService;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Does a comparison, page by page, and at last looks for what only the vendors have. What is safe is repaired; the rest
 * is reported, and staff decide. Each difference is an alert.
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
      const page = await this.#nextPage(report);
      if (!page) return this.#finish(report);
      await this.#storePage(report, page);
    }
  }

  async #nextPage(report: ReconciliationReport): Promise<ComparedPage | null> {
    for (const kind of this.#parts.kinds) {
      const page = await kind.nextPage(report);
      if (page) return page;
    }
    return null;
  }

  #storePage(report: ReconciliationReport, { compared, place }: ComparedPage): Promise<void> {
    return this.#record(report, compared, { ...place, checked: { increment: compared.length } });
  }

  async #finish(report: ReconciliationReport): Promise<void> {
    const isWhole = report.scope === 'ALL';
    const strays = isWhole ? await this.#findStrays(report) : [];
    const isLedgerEven = isWhole ? await this.#isLedgerEven() : null;
    await this.#record(report, strays, { status: 'DONE', finishedAt: this.#parts.now(), isLedgerEven });
  }

  async #findStrays(report: ReconciliationReport): Promise<Comparison[]> {
    const strays: Comparison[] = [];
    for (const kind of this.#parts.kinds) strays.push(...(await kind.findStrays(report)));
    return strays;
  }

  async #isLedgerEven(): Promise<boolean> {
    const isEven = await this.#parts.ledger.isEven();
    if (!isEven) this.#parts.log.error({ alert: 'ledger-uneven' }, 'the books are not even');
    return isEven;
  }

  /** Counted and told once, also when two processes did the same page. */
  async #record(
    { id, afterId, afterRefundId }: ReconciliationReport,
    compared: readonly Comparison[],
    progress: Prisma.ReconciliationReportUpdateManyMutationInput,
  ): Promise<void> {
    const findings = compared.filter(({ bucket }) => bucket !== 'MATCHED');
    const isStored = await this.#parts.store.transact(async ({ tx }) => {
      const { count } = await tx.reconciliationReport.updateMany({
        where: { id, status: 'RUNNING', afterId, afterRefundId },
        data: { ...progress, ...toIncrements(compared) },
      });
      if (count === 0) return false;
      const data = findings.map((finding) => ({ id: uuidv7(), reportId: id, ...finding }));
      await tx.reconciliationFinding.createMany({ data });
      return true;
    });
    if (isStored) for (const finding of findings) this.#tell(finding);
  }

  #tell({ bucket, gateway, paymentId, refundId, vendorRefundId, isRepaired }: Comparison): void {
    this.#parts.log.error(
      { alert: 'reconciliation', bucket, gateway, paymentId, refundId, vendorRefundId, isRepaired },
      'our books and the vendor differ',
    );
  }
}

function toIncrements(compared: readonly Comparison[]) {
  const counts = Object.groupBy(compared, ({ bucket }) => counterOf[bucket]);
  return Object.fromEntries(
    Object.entries(counts).map(([counter, rows]) => [counter, { increment: rows.length }]),
  );
}
