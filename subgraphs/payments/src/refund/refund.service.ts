import type { Actor, UserActor } from '@suvidha/auth';
import { isUuid, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { type DomainEvent, type EventStore, readTimeline, type UnitOfWork } from '@suvidha/events';
import { type Currency, parseAmount } from '@suvidha/money';
import { canSee } from '../access/viewer.ts';
import type { Db } from '../db.ts';
import type { Payment, Refund } from '../generated/prisma/client.ts';
import { answerOnce, assertIdempotencyKey, hashRequest } from '../idempotency/idempotency.ts';
import { heldStatuses } from '../payment/payment-status.rules.ts';
import { requestRefund, toRefundable } from './refund-request.ts';

/** Status events shown in a timeline at most. */
const timelineLength = 100;

/** What staff ask for. */
export interface RefundWish {
  readonly paymentId: string;
  /** In the major unit. Absent: all that is left. */
  readonly amount?: string | null;
  readonly reason: string;
  readonly idempotencyKey: string;
}

export interface RefundServiceDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly now: () => Date;
}

/** Refunds as staff ask for them and as payers look at them. */
export class RefundService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #now: () => Date;

  constructor({ db, store, now }: RefundServiceDependencies) {
    this.#db = db;
    this.#store = store;
    this.#now = now;
  }

  /**
   * Sets money aside for the payer; a job gives it back. The same key with the same request gives the same answer.
   * @throws UserError NOT_FOUND, PAYMENT_NOT_REFUNDABLE, REFUND_AMOUNT_NOT_ALLOWED, INVALID_INPUT, IDEMPOTENCY_CONFLICT.
   */
  async request(actor: UserActor, wish: RefundWish): Promise<Refund> {
    const { paymentId, amount = null, reason, idempotencyKey: key } = wish;
    assertIdempotencyKey(key);
    assertReason(reason);
    const requestedBy = `user:${actor.userId}`;
    const resourceId = uuidv7();
    const answer = await this.#store.transact((unit) =>
      answerOnce(
        unit.tx,
        {
          scope: requestedBy,
          operation: 'refundPayment',
          key,
          requestHash: hashRequest(paymentId, amount, reason),
          resourceId,
          now: this.#now(),
        },
        () => requestOf(unit, wish, { id: resourceId, requestedBy }),
      ),
    );
    if (answer.refusal) throw answer.refusal;
    return this.#db.refund.findUniqueOrThrow({ where: { id: answer.resourceId } });
  }

  /** Refunds by id; only of payments that the actor may see. */
  async findVisible(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Refund>> {
    const refunds = await this.#db.refund.findMany({
      where: { id: { in: ids.filter(isUuid) } },
      include: { payment: { select: { payer: true } } },
    });
    const visible = refunds.filter(({ payment }) => canSee(actor, payment.payer));
    return new Map(visible.map((refund) => [refund.id, refund]));
  }

  /** Refunds of each of several payments, oldest first. The caller has been given the payments. */
  async listByPayment(paymentIds: readonly string[]): Promise<ReadonlyMap<string, Refund[]>> {
    const refunds = await this.#db.refund.findMany({
      where: { paymentId: { in: [...paymentIds] } },
      orderBy: { id: 'asc' },
    });
    return Map.groupBy(refunds, ({ paymentId }) => paymentId);
  }

  /** Status events of a refund, oldest first. The caller has been given the refund. */
  async timeline(refundId: string): Promise<DomainEvent[]> {
    const topic = { aggregateType: 'refund', aggregateId: refundId } as const;
    const events = await readTimeline(this.#db, topic, timelineLength);
    return events.filter(({ type }) => type === 'refund.status_changed');
  }
}

async function requestOf(
  unit: UnitOfWork<Db>,
  { paymentId, amount, reason, idempotencyKey }: RefundWish,
  made: { readonly id: string; readonly requestedBy: string },
): Promise<void> {
  const payment = isUuid(paymentId) ? await unit.tx.payment.findUnique({ where: { id: paymentId } }) : null;
  if (!payment) throw notFound();
  const key = `${made.requestedBy}:${idempotencyKey}`;
  await assertUnused(unit.tx, { paymentId, key });
  assertRefundable(payment);
  const amountMinor = toAmount(payment, amount);
  if (!(await requestRefund(unit, payment, { ...made, amountMinor, cause: 'STAFF', reason, key })))
    throw amountNotAllowed();
}

/** The answer to a key is not kept for ever; the refund is. The same key waits its turn, and an index stands behind it. */
async function assertUnused(tx: Db, asked: { paymentId: string; key: string }): Promise<void> {
  const known = await tx.refund.findUnique({ where: { paymentId_key: asked }, select: { id: true } });
  if (!known) return;
  throw new UserError(
    UserErrorCode.IDEMPOTENCY_CONFLICT,
    'This idempotency key was used for a refund before: use a new one.',
    ['input', 'idempotencyKey'],
  );
}

/**
 * Money that its owner has not answered for yet may still be put to the payable: given back too, it would be used twice.
 */
function assertRefundable({ status, settlement }: Payment): void {
  if (heldStatuses.includes(status) && settlement !== 'PENDING') return;
  throw new UserError(
    UserErrorCode.PAYMENT_NOT_REFUNDABLE,
    'Only money that was captured and settled, and is not given back, can be given back.',
    ['input', 'paymentId'],
  );
}

function toAmount(payment: Payment, amount: string | null | undefined): bigint {
  if (amount === null || amount === undefined) {
    const rest = toRefundable(payment);
    if (rest > 0n) return rest;
    throw amountNotAllowed();
  }
  const money = parseAmount(amount, payment.currency as Currency);
  if (!money || money.amountMinor <= 0) throw amountNotAllowed();
  return BigInt(money.amountMinor);
}

function assertReason(reason: string): void {
  if (reason.trim().length >= 3 && reason.length <= 200) return;
  throw new UserError(UserErrorCode.INVALID_INPUT, 'reason must have 3 to 200 characters.', [
    'input',
    'reason',
  ]);
}

function amountNotAllowed(): UserError {
  return new UserError(
    UserErrorCode.REFUND_AMOUNT_NOT_ALLOWED,
    'The amount must be positive, have no more decimal places than the currency, and be left of the payment.',
    ['input', 'amount'],
  );
}

function notFound(): UserError {
  return new UserError(UserErrorCode.NOT_FOUND, 'There is no such payment, or it is not yours.', [
    'input',
    'paymentId',
  ]);
}
