import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore } from '@suvidha/events';
import { addJob } from '@suvidha/jobs';
import type { Page } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type {
  Prisma,
  ReconciliationFinding,
  ReconciliationReport,
  ReconciliationScope,
} from '../generated/prisma/client.ts';
import { openStatuses } from '../payment/payment-status.rules.ts';
import { openRefundStatuses } from '../refund/refund-status.rules.ts';
import { toNextRun, toPeriod } from './reconciliation.rules.ts';
import { reconcileTask, scheduleReconciliationTask } from './reconciliation.tasks.ts';

/** Paytm lists no more. */
const longestPeriodMs = 30 * 86_400_000;

export interface ReconciliationWish {
  readonly scope: ReconciliationScope;
  readonly from: Date;
  readonly to: Date;
}

/** Comparisons of our books with the vendors', as they are started and read. */
export class ReconciliationService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #now: () => Date;

  constructor({ db, store, now }: { db: Db; store: EventStore<Db>; now: () => Date }) {
    this.#db = db;
    this.#store = store;
    this.#now = now;
  }

  /**
   * Records the comparison and the job that does it.
   * @throws UserError INVALID_INPUT.
   */
  start(actor: UserActor, wish: ReconciliationWish): Promise<ReconciliationReport> {
    assertPeriod(wish);
    return this.#store.transact(({ tx }) => createReport(tx, wish, `user:${actor.userId}`));
  }

  /** A scheduled comparison, and the next one: both are there, or neither. */
  async startScheduled(scope: ReconciliationScope): Promise<void> {
    await this.#store.transact(async ({ tx }) => {
      await createReport(tx, { scope, ...toPeriod(scope, this.#now()) }, 'schedule');
      await this.#plan(tx, scope);
    });
  }

  /** Makes sure that comparisons are planned. Processes that do so at once plan the same. */
  async planAll(): Promise<void> {
    for (const scope of ['YOUNG', 'ALL'] as const) await this.#plan(this.#db, scope);
  }

  /** Newest first; one more than the page holds when there are more. */
  list({ limit, afterId }: Page): Promise<ReconciliationReport[]> {
    return this.#db.reconciliationReport.findMany({
      ...(afterId && { where: { id: { lt: afterId } } }),
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** What did not match, oldest first; one more than the page holds when there are more. */
  listFindings(reportId: string, { limit, afterId }: Page): Promise<ReconciliationFinding[]> {
    return this.#db.reconciliationFinding.findMany({
      where: { reportId, ...(afterId && { id: { gt: afterId } }) },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
  }

  async #plan(tx: Db, scope: ReconciliationScope): Promise<void> {
    const options = { key: `${scheduleReconciliationTask}:${scope}`, runAt: toNextRun(scope, this.#now()) };
    await addJob(tx, scheduleReconciliationTask, { scope }, options);
  }
}

/** Payments that a comparison looks at: those that have an order, and of the young ones those that are undecided. */
export function toComparedPayments({ scope, from, to }: ReconciliationWish): Prisma.PaymentWhereInput {
  const undecided = scope === 'YOUNG' ? { status: { in: [...openStatuses, ...lookLost] } } : {};
  return { createdAt: { gte: from, lt: to }, vendorOrderId: { not: null }, ...undecided };
}

const lookLost = ['FAILED', 'EXPIRED', 'CANCELLED'] as const;

/** Refunds that a comparison looks at: of the young ones those that are undecided. */
export function toComparedRefunds({ scope, from, to }: ReconciliationWish): Prisma.RefundWhereInput {
  const undecided = scope === 'YOUNG' ? { status: { in: [...openRefundStatuses] } } : {};
  return { createdAt: { gte: from, lt: to }, ...undecided };
}

async function createReport(
  tx: Db,
  wish: ReconciliationWish,
  requestedBy: string,
): Promise<ReconciliationReport> {
  const { scope, from, to } = wish;
  const payments = await tx.payment.count({ where: toComparedPayments(wish) });
  const refunds = await tx.refund.count({ where: toComparedRefunds(wish) });
  const report = await tx.reconciliationReport.create({
    data: { id: uuidv7(), scope, from, to, requestedBy, total: payments + refunds },
  });
  await addJob(tx, reconcileTask, { reportId: report.id }, { key: `${reconcileTask}:${report.id}` });
  return report;
}

function assertPeriod({ from, to }: ReconciliationWish): void {
  const lengthMs = to.getTime() - from.getTime();
  if (lengthMs > 0 && lengthMs <= longestPeriodMs) return;
  throw new UserError(UserErrorCode.INVALID_INPUT, 'to must be after from, by 30 days at most.', [
    'input',
    'to',
  ]);
}
