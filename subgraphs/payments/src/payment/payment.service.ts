import type { Actor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import { AppError, UserError, UserErrorCode } from '@suvidha/errors';
import { type DomainEvent, readTimeline, type StatusStreams } from '@suvidha/events';
import { addJob } from '@suvidha/jobs';
import type { Page } from '@suvidha/subgraph';
import type { Viewer, Visibility } from '../access/viewer.ts';
import { canSee } from '../access/viewer.ts';
import type { Db } from '../db.ts';
import type { PayableType, Payment, Prisma } from '../generated/prisma/client.ts';
import { resolvePaymentTask, toCheckNow } from '../jobs/resolve-payment.job.ts';
import { canBePaid, isOpen } from './payment-status.rules.ts';

/** Status events shown in a timeline at most. */
const timelineLength = 200;

/** A vendor is asked about one payment at most this often because somebody looks at it, in milliseconds. */
const askAgainMs = 5_000;

export interface PaymentServiceDependencies {
  readonly db: Db;
  readonly streams: StatusStreams;
  readonly isVisible: Visibility;
  readonly now: () => Date;
}

/** Payments as their payers and staff look at them. Absent and not-yours give the same answer. */
export class PaymentService {
  readonly #db: Db;
  readonly #streams: StatusStreams;
  readonly #isVisible: Visibility;
  readonly #now: () => Date;

  constructor({ db, streams, isVisible, now }: PaymentServiceDependencies) {
    this.#db = db;
    this.#streams = streams;
    this.#isVisible = isVisible;
    this.#now = now;
  }

  /**
   * One payment for somebody who looks at it: where it is undecided, the vendor is asked in the background.
   * @throws AppError UNAUTHENTICATED for the anonymous without a token.
   */
  async find(viewer: Viewer, id: string): Promise<Payment | null> {
    if (viewer.actor.kind === 'anonymous' && !viewer.accessToken) throw loginNeeded();
    const payment = isUuid(id) ? await this.#db.payment.findUnique({ where: { id } }) : null;
    if (!payment || !this.#isVisible(viewer, payment)) return null;
    if (isOpen(payment.status)) await this.#askSoon(payment);
    return payment;
  }

  /** @throws UserError NOT_FOUND for a payment that is not there or not the viewer's. */
  async get(viewer: Viewer, id: string): Promise<Payment> {
    const payment = await this.find(viewer, id);
    if (payment) return payment;
    throw new UserError(UserErrorCode.NOT_FOUND, 'There is no such payment, or it is not yours.', [
      'input',
      'paymentId',
    ]);
  }

  /** A payment that the caller has been given already. */
  findGiven(id: string): Promise<Payment | null> {
    return this.#db.payment.findUnique({ where: { id } });
  }

  async findVisible(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Payment>> {
    const payments = await this.#db.payment.findMany({ where: { id: { in: ids.filter(isUuid) } } });
    const visible = payments.filter(({ payer }) => canSee(actor, payer));
    return new Map(visible.map((payment) => [payment.id, payment]));
  }

  /** Payments for each of several payables of one type, newest first; only those the actor may see. */
  async listByPayable(
    actor: Actor,
    payableType: PayableType,
    payableIds: readonly string[],
  ): Promise<ReadonlyMap<string, Payment[]>> {
    const payments = await this.#db.payment.findMany({
      where: { payableType, payableId: { in: payableIds.filter(isUuid) } },
      orderBy: { id: 'desc' },
    });
    return Map.groupBy(
      payments.filter(({ payer }) => canSee(actor, payer)),
      ({ payableId }) => payableId,
    );
  }

  /** Payments that the actor may see and that are as wanted, newest first; one more than the page holds if there are. */
  async list(actor: Actor, wanted: Prisma.PaymentWhereInput, page: Page): Promise<Payment[]> {
    const own = toOwn(actor);
    if (!own) return [];
    const { limit, afterId } = page;
    return this.#db.payment.findMany({
      where: { AND: [own, wanted, ...(afterId ? [{ id: { lt: afterId } }] : [])] },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** Status events of a payment, oldest first. The caller has been given the payment. */
  async timeline(paymentId: string): Promise<DomainEvent[]> {
    const topic = { aggregateType: 'payment', aggregateId: paymentId } as const;
    const events = await readTimeline(this.#db, topic, timelineLength);
    return events.filter(({ type }) => type === 'payment.status_changed');
  }

  /** @throws AppError NOT_FOUND for a payment that is not there or not the viewer's. */
  async watch(
    viewer: Viewer,
    paymentId: string,
    after?: string | null,
  ): Promise<AsyncIterableIterator<DomainEvent>> {
    if (await this.find(viewer, paymentId)) return this.#streams.open(paymentId, after ?? undefined);
    throw new AppError('NOT_FOUND', 'There is no such payment, or it is not yours.');
  }

  async #askSoon({ id, status, askedAt, createdAt }: Payment): Promise<void> {
    const now = this.#now();
    const recently = new Date(now.getTime() - askAgainMs);
    if (!canBePaid(status) || (askedAt ?? createdAt) >= recently) return;
    const { count } = await this.#db.payment.updateMany({
      where: { id, OR: [{ askedAt: null, createdAt: { lt: recently } }, { askedAt: { lt: recently } }] },
      data: { askedAt: now },
    });
    if (count === 1) await addJob(this.#db, resolvePaymentTask, { paymentId: id, check: 0 }, toCheckNow(id));
  }
}

function loginNeeded(): AppError {
  return new AppError('UNAUTHENTICATED', 'Log in, or give the access token of the payment.');
}

/** What an actor may list. Null: nothing. */
function toOwn(actor: Actor): Prisma.PaymentWhereInput | null {
  if (actor.kind === 'service') return {};
  if (actor.kind !== 'user') return null;
  return actor.scopes.includes('payment:read') ? {} : { payer: `user:${actor.userId}` };
}
