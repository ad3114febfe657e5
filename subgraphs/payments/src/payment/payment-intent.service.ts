import { createHash } from 'node:crypto';
import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore, UnitOfWork } from '@suvidha/events';
import { addJob } from '@suvidha/jobs';
import type { PaymentRequest, PaymentRequestVerifier } from '@suvidha/payment-request';
import type { Db } from '../db.ts';
import type { Payment, PaymentGateway } from '../generated/prisma/client.ts';
import { resolvePaymentTask, toFirstCheck } from '../jobs/resolve-payment.job.ts';
import { appendStatus, changePayment, lockPayment } from './payment.record.ts';
import { openStatuses } from './payment-status.rules.ts';
import { isReturnUrlAllowed } from './return-url.rules.ts';

/** How long a payer has to pay, in milliseconds. */
const paymentLifetimeMs = 30 * 60_000;

/** What a client asks for. */
export interface PaymentIntent {
  readonly paymentRequest: string;
  readonly gateway: PaymentGateway;
  readonly idempotencyKey: string;
  readonly returnUrl: string;
}

export interface PaymentIntentDependencies {
  readonly store: EventStore<Db>;
  readonly verify: PaymentRequestVerifier;
  readonly returnOrigins: readonly string[];
  readonly now: () => Date;
}

/** Records that somebody is about to pay, before any vendor hears of it. */
export class PaymentIntentService {
  readonly #store: EventStore<Db>;
  readonly #verify: PaymentRequestVerifier;
  readonly #returnOrigins: readonly string[];
  readonly #now: () => Date;

  constructor({ store, verify, returnOrigins, now }: PaymentIntentDependencies) {
    this.#store = store;
    this.#verify = verify;
    this.#returnOrigins = returnOrigins;
    this.#now = now;
  }

  /**
   * Commits the intent. The same key with the same request gives the payment that is there.
   * @throws UserError PAYMENT_REQUEST_INVALID, _EXPIRED or _NOT_YOURS, RETURN_URL_NOT_ALLOWED, IDEMPOTENCY_CONFLICT,
   * PAYABLE_ALREADY_PAID, INVALID_INPUT.
   */
  async record(actor: UserActor, intent: PaymentIntent): Promise<Payment> {
    assertKey(intent.idempotencyKey);
    const payer = `user:${actor.userId}`;
    const requestHash = hash(intent);
    const known = await this.#store.transact(({ tx }) =>
      findByKey(tx, payer, intent.idempotencyKey, requestHash),
    );
    if (known) return known;
    const request = await this.#verify(intent.paymentRequest);
    if (request.payer !== payer) throw notYours();
    if (!isReturnUrlAllowed(intent.returnUrl, this.#returnOrigins)) throw returnUrlNotAllowed();
    return this.#store.transact(async (unit) => {
      await lockInstallment(unit.tx, request.installmentId);
      const raced = await findByKey(unit.tx, payer, intent.idempotencyKey, requestHash);
      if (raced) return raced;
      await assertUnpaid(unit.tx, request.installmentId);
      await this.#supersedeOpen(unit, request.installmentId);
      return this.#create(unit, intent, request, requestHash);
    });
  }

  /** A new attempt takes the place of older ones that nobody has paid. */
  async #supersedeOpen(unit: UnitOfWork<Db>, installmentId: string): Promise<void> {
    const open = await unit.tx.payment.findMany({
      where: { installmentId, supersededAt: null, status: { in: [...openStatuses] } },
      select: { id: true },
    });
    for (const { id } of open) {
      const payment = await lockPayment(unit.tx, id);
      if (payment && openStatuses.includes(payment.status))
        await changePayment(unit, payment, { status: 'CANCELLED', supersededAt: this.#now() });
    }
  }

  async #create(
    { tx, append }: UnitOfWork<Db>,
    intent: PaymentIntent,
    request: PaymentRequest,
    requestHash: string,
  ): Promise<Payment> {
    const createdAt = this.#now();
    const payment = await tx.payment.create({
      data: {
        id: uuidv7(),
        payableType: request.payable.type,
        payableId: request.payable.id,
        installmentId: request.installmentId,
        payer: request.payer,
        amountMinor: BigInt(request.amountMinor),
        currency: request.currency,
        gateway: intent.gateway,
        returnUrl: intent.returnUrl,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + paymentLifetimeMs),
        idempotencyKeys: {
          create: { scope: request.payer, key: intent.idempotencyKey, requestHash, createdAt },
        },
      },
    });
    await appendStatus(append, payment, null);
    await addJob(tx, resolvePaymentTask, { paymentId: payment.id, check: 0 }, toFirstCheck(payment));
    return payment;
  }
}

async function findByKey(tx: Db, scope: string, key: string, requestHash: string): Promise<Payment | null> {
  const known = await tx.idempotencyKey.findUnique({
    where: { scope_key: { scope, key } },
    include: { payment: true },
  });
  if (!known) return null;
  if (known.requestHash !== requestHash) throw idempotencyConflict();
  return known.payment;
}

/** Two attempts for the same debt take turns. */
async function lockInstallment(tx: Db, installmentId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${installmentId}, 0))`;
}

async function assertUnpaid(tx: Db, installmentId: string): Promise<void> {
  const paid = await tx.payment.findFirst({
    where: { installmentId, status: 'CAPTURED', settlement: { not: 'REJECTED' } },
    select: { id: true },
  });
  if (paid)
    throw new UserError(UserErrorCode.PAYABLE_ALREADY_PAID, 'This has been paid.', [
      'input',
      'paymentRequest',
    ]);
}

/** What makes two requests the same. */
function hash({ paymentRequest, gateway, returnUrl }: PaymentIntent): string {
  return createHash('sha256')
    .update(JSON.stringify([paymentRequest, gateway, returnUrl]))
    .digest('hex');
}

function assertKey(key: string): void {
  if (key.length < 8 || key.length > 128)
    throw new UserError(UserErrorCode.INVALID_INPUT, 'idempotencyKey must have 8 to 128 characters.', [
      'input',
      'idempotencyKey',
    ]);
}

function notYours(): UserError {
  return new UserError(
    UserErrorCode.PAYMENT_REQUEST_NOT_YOURS,
    'This payment request was made for somebody else.',
    ['input', 'paymentRequest'],
  );
}

function returnUrlNotAllowed(): UserError {
  return new UserError(
    UserErrorCode.RETURN_URL_NOT_ALLOWED,
    'The return address is not one that this client app may use.',
    ['input', 'returnUrl'],
  );
}

function idempotencyConflict(): UserError {
  return new UserError(
    UserErrorCode.IDEMPOTENCY_CONFLICT,
    'This idempotency key was used for another request: use a new one.',
    ['input', 'idempotencyKey'],
  );
}
