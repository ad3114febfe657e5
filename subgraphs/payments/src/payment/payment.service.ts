import type { Actor, UserActor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import { AppError } from '@suvidha/errors';
import { type DomainEvent, readTimeline, type StatusStreams } from '@suvidha/events';
import type { Db } from '../db.ts';
import type { PayableType, Payment } from '../generated/prisma/client.ts';
import type { PaymentIntent, PaymentIntentService } from './payment-intent.service.ts';
import type { PaymentResolutionService } from './payment-resolution.service.ts';
import { isUnplaced } from './payment-status.rules.ts';

/** Status events shown in a timeline at most. */
const timelineLength = 200;

export interface PaymentServiceDependencies {
  readonly db: Db;
  readonly intents: PaymentIntentService;
  readonly resolution: PaymentResolutionService;
  readonly streams: StatusStreams;
}

/** Payments as their payers and staff deal with them. Absent and not-yours give the same answer. */
export class PaymentService {
  readonly #db: Db;
  readonly #intents: PaymentIntentService;
  readonly #resolution: PaymentResolutionService;
  readonly #streams: StatusStreams;

  constructor({ db, intents, resolution, streams }: PaymentServiceDependencies) {
    this.#db = db;
    this.#intents = intents;
    this.#resolution = resolution;
    this.#streams = streams;
  }

  /**
   * Starts a payment, or finds the one that the same key started; one whose outcome is unknown is looked up at the
   * vendor first.
   * @throws UserError of {@link PaymentIntentService.record}.
   */
  async initiate(actor: UserActor, intent: PaymentIntent): Promise<Payment> {
    const payment = await this.#intents.record(actor, intent);
    if (!isUnplaced(payment.status)) return payment;
    return this.#resolution.resolveForPayer(payment);
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

  /** A person's payments, newest first; one more than the page holds when there are more. */
  async listOfPayer(
    actor: Actor,
    userId: string,
    { limit, afterId }: { limit: number; afterId: string | undefined },
  ): Promise<Payment[]> {
    const payer = `user:${userId}`;
    if (!canSee(actor, payer)) return [];
    return this.#db.payment.findMany({
      where: { payer, ...(afterId && { id: { lt: afterId } }) },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** Status events of a payment, oldest first. The caller has been given the payment. */
  async timeline(paymentId: string): Promise<DomainEvent[]> {
    const events = await readTimeline(
      this.#db,
      { aggregateType: 'payment', aggregateId: paymentId },
      timelineLength,
    );
    return events.filter(({ type }) => type === 'payment.status_changed');
  }

  /** @throws AppError NOT_FOUND for a payment that is not there or not the actor's. */
  async watch(
    actor: Actor,
    paymentId: string,
    after?: string | null,
  ): Promise<AsyncIterableIterator<DomainEvent>> {
    const visible = await this.findVisible(actor, [paymentId]);
    if (!visible.has(paymentId))
      throw new AppError('NOT_FOUND', 'There is no such payment, or it is not yours.');
    return this.#streams.open(paymentId, after ?? undefined);
  }
}

function canSee(actor: Actor, payer: string): boolean {
  if (actor.kind === 'service') return true;
  return actor.kind === 'user' && (payer === `user:${actor.userId}` || actor.scopes.includes('payment:read'));
}
