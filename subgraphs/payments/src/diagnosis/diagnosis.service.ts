import type { Db } from '../db.ts';
import type { Payment } from '../generated/prisma/client.ts';
import { toCheckKey } from '../jobs/resolve-payment.job.ts';
import { toRefundKey } from '../refund/refund.task.ts';
import { isRefundOpen } from '../refund/refund-status.rules.ts';
import { type Diagnosis, diagnose, type Situation } from './diagnosis.rules.ts';

/** Says to staff why a payment is where it is, what happens next and when, from what is planned for it. */
export class DiagnosisService {
  readonly #db: Db;
  readonly #now: () => Date;

  constructor({ db, now }: { db: Db; now: () => Date }) {
    this.#db = db;
    this.#now = now;
  }

  async diagnose(paymentId: string): Promise<Diagnosis | null> {
    const payment = await this.#db.payment.findUnique({
      where: { id: paymentId },
      include: { refunds: { orderBy: { id: 'asc' } } },
    });
    if (!payment) return null;
    const newest = payment.refunds.at(-1);
    const open = payment.refunds.filter(({ status }) => isRefundOpen(status));
    const [nextCheckAt, nextRefundAt, delivery] = await Promise.all([
      this.#nextRun([toCheckKey(paymentId)]),
      this.#nextRun(open.map(({ id }) => toRefundKey(id))),
      this.#findDelivery(payment),
    ]);
    return diagnose({
      ...payment,
      hasOrder: payment.vendorOrderId !== null,
      isClaimed: payment.orderClaimedUntil !== null && payment.orderClaimedUntil > this.#now(),
      openRefunds: open.length,
      failedRefund: newest?.status === 'FAILED' ? newest : null,
      nextCheckAt,
      nextRefundAt,
      delivery,
    });
  }

  async #nextRun(keys: readonly string[]): Promise<Date | null> {
    if (keys.length === 0) return null;
    const [row] = await this.#db.$queryRaw<{ nextAt: Date | null }[]>`
      select min(run_at) as "nextAt" from graphile_worker.jobs
       where key = any(${[...keys]}) and attempts < max_attempts`;
    return row?.nextAt ?? null;
  }

  /** The delivery of payment.captured that is not done yet. */
  async #findDelivery({ id, settlement }: Payment): Promise<Situation['delivery']> {
    if (settlement !== 'PENDING') return null;
    const [row] = await this.#db.$queryRaw<{ nextAt: Date; isGivenUp: boolean }[]>`
      select run_at as "nextAt", attempts >= max_attempts as "isGivenUp" from graphile_worker._private_jobs
       where payload -> 'event' ->> 'aggregateId' = ${id} and payload -> 'event' ->> 'type' = 'payment.captured'`;
    return row ?? null;
  }
}
