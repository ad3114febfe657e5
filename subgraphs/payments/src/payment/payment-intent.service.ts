import type { Actor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { AppError, UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore, UnitOfWork } from '@suvidha/events';
import { addJob } from '@suvidha/jobs';
import type { PaymentRequest, PaymentRequestVerifier } from '@suvidha/payment-request';
import type { Db } from '../db.ts';
import type { GatewayChoice, Gateways } from '../gateway/gateways.ts';
import type { Payment } from '../generated/prisma/client.ts';
import {
  answerOnce,
  assertIdempotencyKey,
  findAnswer,
  hashRequest,
  type RepeatableAnswer,
  type RepeatableRequest,
} from '../idempotency/idempotency.ts';
import { resolvePaymentTask, toFirstCheck } from '../jobs/resolve-payment.job.ts';
import {
  type CheckoutChoice,
  type CheckoutWish,
  paymentLifetimeMs,
  toCheckoutChoice,
} from './checkout.rules.ts';
import { findClaimedPayer } from './claimed-payer.rules.ts';
import { appendStatus, changePayment, lockInstallment, lockPayment } from './payment.record.ts';
import type { PaymentPlacementService } from './payment-placement.service.ts';
import { canFollow, heldStatuses, openStatuses } from './payment-status.rules.ts';
import { isReturnUrlAllowed } from './return-url.rules.ts';

/** What a client asks for. */
export interface PaymentIntent extends CheckoutWish {
  readonly paymentRequest: string;
  readonly gateway: GatewayChoice;
  readonly idempotencyKey: string;
}

type CheckedIntent = Omit<PaymentIntent, keyof CheckoutWish> & CheckoutChoice;

export interface RecordedIntent {
  readonly payment: Payment;
  /** Whether an earlier call recorded it. */
  readonly isRepeated: boolean;
}

export interface PaymentIntentDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly verify: PaymentRequestVerifier;
  readonly gateways: Gateways;
  readonly placement: PaymentPlacementService;
  readonly returnOrigins: readonly string[];
  readonly now: () => Date;
}

/** Records that somebody is about to pay, before any vendor hears of it. */
export class PaymentIntentService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #verify: PaymentRequestVerifier;
  readonly #gateways: Gateways;
  readonly #placement: PaymentPlacementService;
  readonly #returnOrigins: readonly string[];
  readonly #now: () => Date;

  constructor({ db, store, verify, gateways, placement, returnOrigins, now }: PaymentIntentDependencies) {
    this.#db = db;
    this.#store = store;
    this.#verify = verify;
    this.#gateways = gateways;
    this.#placement = placement;
    this.#returnOrigins = returnOrigins;
    this.#now = now;
  }

  /**
   * Commits the intent. The same key with the same request gives the same answer: the payment that is there, or the
   * refusal that was given.
   * @throws UserError PAYMENT_REQUEST_INVALID, _EXPIRED or _NOT_YOURS, RETURN_URL_NOT_ALLOWED, IDEMPOTENCY_CONFLICT,
   * PAYABLE_ALREADY_PAID, CURRENCY_NOT_SUPPORTED, CHECKOUT_NOT_SUPPORTED, INVALID_INPUT.
   */
  async record(actor: Actor, wish: PaymentIntent): Promise<RecordedIntent> {
    assertIdempotencyKey(wish.idempotencyKey);
    const intent = { ...wish, ...toCheckoutChoice(wish) };
    const request = toRepeatable(actor, intent);
    const known = await findIfSame(this.#db, request);
    if (known) return this.#toRecorded(known);
    const verified = await this.#verify(intent.paymentRequest).catch(toUserError);
    if (verified instanceof UserError && actor.kind !== 'user') throw verified;
    return this.#toRecorded(await this.#answer(request, intent, verified));
  }

  async #answer(
    request: RepeatableRequest,
    intent: CheckedIntent,
    verified: PaymentRequest | UserError,
  ): Promise<RepeatableAnswer> {
    const claim = await this.#placement.newClaim();
    return this.#store.transact(async (unit) => {
      if (!(verified instanceof UserError)) await lockInstallment(unit.tx, verified.installmentId);
      const resourceId = uuidv7();
      return answerOnce(unit.tx, { ...request, resourceId, now: this.#now() }, async () => {
        if (verified instanceof UserError) throw verified;
        const gateway = this.#assertAllowed(request, intent, verified);
        await this.#replaceOthers(unit, verified.installmentId);
        await this.#create(unit, { ...claim, id: resourceId, gateway }, intent, verified);
      });
    });
  }

  async #toRecorded(answer: RepeatableAnswer): Promise<RecordedIntent> {
    if (answer.refusal) throw answer.refusal;
    const { resourceId, isRepeated } = answer;
    const payment = await this.#db.payment.findUniqueOrThrow({ where: { id: resourceId } });
    return { payment, isRepeated };
  }

  /** @returns the gateway to ask first. */
  #assertAllowed(
    { scope }: RepeatableRequest,
    { gateway, checkout, returnUrl }: CheckedIntent,
    request: PaymentRequest,
  ): Payment['gateway'] {
    if (request.payer !== scope) throw notYours();
    if (returnUrl !== null && !isReturnUrlAllowed(returnUrl, this.#returnOrigins))
      throw returnUrlNotAllowed();
    const takers = this.#gateways.offer(gateway, request);
    if (takers.length === 0) throw currencyNotSupported();
    const first = takers.find(({ terms }) => terms.checkouts.includes(checkout));
    if (!first) throw checkoutNotSupported();
    return first.terms.name;
  }

  /**
   * A new attempt takes the place of older ones that nobody has paid.
   * @throws UserError PAYABLE_ALREADY_PAID.
   */
  async #replaceOthers(unit: UnitOfWork<Db>, installmentId: string): Promise<void> {
    const others = await unit.tx.payment.findMany({
      where: {
        installmentId,
        OR: [
          { status: { in: [...heldStatuses] }, settlement: { not: 'REJECTED' } },
          { status: { in: [...openStatuses] }, supersededAt: null },
        ],
      },
      select: { id: true, status: true },
      orderBy: { id: 'asc' },
    });
    if (others.some(({ status }) => heldStatuses.includes(status))) throw alreadyPaid();
    for (const { id } of others) {
      const payment = await lockPayment(unit.tx, id);
      if (payment && canFollow(payment.status, 'CANCELLED'))
        await changePayment(unit, payment, { status: 'CANCELLED', supersededAt: this.#now() });
    }
  }

  async #create(
    { tx, append }: UnitOfWork<Db>,
    made: Pick<Payment, 'id' | 'gateway'> & { orderClaimedBy: string; orderClaimedUntil: Date },
    { gateway, checkout, returnUrl, counterId }: CheckedIntent,
    request: PaymentRequest,
  ): Promise<void> {
    const createdAt = this.#now();
    const payment = await tx.payment.create({
      data: {
        ...made,
        payableType: request.payable.type,
        payableId: request.payable.id,
        payableNumber: request.payableNumber ?? null,
        installmentId: request.installmentId,
        payer: request.payer,
        amountMinor: BigInt(request.amountMinor),
        currency: request.currency,
        isAuto: gateway === 'AUTO',
        checkout,
        returnUrl,
        counterId,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + paymentLifetimeMs[checkout]),
      },
    });
    await appendStatus(append, payment, null);
    await addJob(tx, resolvePaymentTask, { paymentId: payment.id, check: 0 }, toFirstCheck(payment));
  }
}

/**
 * A person's keys are their own. A guest's belong to the guest that the payment request names: nothing but the same
 * request finds them before its signature has been checked.
 */
function toRepeatable(actor: Actor, intent: CheckedIntent): RepeatableRequest {
  if (actor.kind === 'service') throw new AppError('FORBIDDEN', 'Services do not pay.');
  const { paymentRequest, gateway, checkout, returnUrl, counterId, idempotencyKey: key } = intent;
  const scope = actor.kind === 'user' ? `user:${actor.userId}` : (findClaimedPayer(paymentRequest) ?? '');
  if (actor.kind === 'anonymous' && !scope.startsWith('guest:')) throw notForGuests();
  return {
    scope,
    operation: 'initiatePayment',
    key,
    // A page is hashed as it was before there was anything else: keys outlive a release.
    requestHash:
      checkout === 'HOSTED_PAGE'
        ? hashRequest(paymentRequest, gateway, returnUrl)
        : hashRequest(paymentRequest, gateway, checkout, counterId),
  };
}

/** Whether the same request came before. Another request under the key is told so once it has been verified. */
async function findIfSame(tx: Db, request: RepeatableRequest): Promise<RepeatableAnswer | null> {
  try {
    return await findAnswer(tx, request);
  } catch (error) {
    if (error instanceof UserError && request.scope.startsWith('guest:')) return null;
    throw error;
  }
}

function toUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

function alreadyPaid(): UserError {
  return new UserError(UserErrorCode.PAYABLE_ALREADY_PAID, 'This has been paid.', [
    'input',
    'paymentRequest',
  ]);
}

/** The request of a person with an account, or none: guests pay what was made out to a guest. */
function notForGuests(): AppError {
  return new AppError('UNAUTHENTICATED', 'Log in to use this field.');
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

function currencyNotSupported(): UserError {
  return new UserError(
    UserErrorCode.CURRENCY_NOT_SUPPORTED,
    'The payment gateway does not take this currency: choose another.',
    ['input', 'gateway'],
  );
}

function checkoutNotSupported(): UserError {
  return new UserError(
    UserErrorCode.CHECKOUT_NOT_SUPPORTED,
    'The payment gateway cannot be paid like this: choose another gateway, or another checkout.',
    ['input', 'checkout'],
  );
}
