import { type Actor, assertUser } from '@suvidha/auth';
import { isUuid, uuidv7 } from '@suvidha/db';
import { AppError } from '@suvidha/errors';
import { type Money, parseAmount, toMoney } from '@suvidha/money';
import { PayableType, type PaymentRequestSigner } from '@suvidha/payment-request';
import { canSeeCustomer } from '../access.rules.ts';
import type { Db } from '../db.ts';
import type { Bill, BillStatus } from '../generated/prisma/client.ts';
import { dueMinor, isBillNumber, toInstallmentId } from './bill.rules.ts';

/** How long a payment request holds, in milliseconds. */
const paymentRequestLifetimeMs = 15 * 60_000;

export interface BillFilter {
  readonly status?: BillStatus | null | undefined;
  readonly connectionId?: string | null | undefined;
}

export interface BillPage {
  readonly limit: number;
  readonly afterId: string | undefined;
}

/** A signed payment request with what it says. */
export interface IssuedPaymentRequest {
  readonly token: string;
  readonly expiresAt: Date;
  readonly amount: Money;
}

export class BillService {
  readonly #db: Db;
  readonly #signer: PaymentRequestSigner;
  readonly #now: () => Date;

  constructor({ db, signer, now }: { db: Db; signer: PaymentRequestSigner; now: () => Date }) {
    this.#db = db;
    this.#signer = signer;
    this.#now = now;
  }

  /** The bills among `ids` that the actor may see. */
  async findVisible(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Bill>> {
    const bills = await this.#db.bill.findMany({ where: { id: { in: ids.filter(isUuid) } } });
    return new Map(this.#visible(actor, bills).map((bill) => [bill.id, bill]));
  }

  /** The bills among `billNumbers` that the actor may see. */
  async findVisibleByNumber(
    actor: Actor,
    billNumbers: readonly string[],
  ): Promise<ReadonlyMap<string, Bill>> {
    const bills = await this.#db.bill.findMany({
      where: { billNumber: { in: billNumbers.filter(isBillNumber) } },
    });
    return new Map(this.#visible(actor, bills).map((bill) => [bill.billNumber, bill]));
  }

  /** A customer's bills, newest first; one more than the page holds when there are more. */
  async listOfCustomer(actor: Actor, userId: string, filter: BillFilter, page: BillPage): Promise<Bill[]> {
    const isUnknown = !isUuid(userId) || (filter.connectionId && !isUuid(filter.connectionId));
    if (isUnknown || !canSeeCustomer(actor, userId)) return [];
    return this.#db.bill.findMany({
      where: {
        userId,
        ...(filter.status && { status: filter.status }),
        ...(filter.connectionId && { connectionId: filter.connectionId }),
        ...(page.afterId && { id: { lt: page.afterId } }),
      },
      orderBy: { id: 'desc' },
      take: page.limit + 1,
    });
  }

  /**
   * States and signs what is owed.
   * @param amount in the major unit; absent: all that is due.
   * @returns null when nothing is due.
   * @throws AppError BAD_USER_INPUT (`AMOUNT_NOT_ALLOWED`) for an amount outside what is due, UNAUTHENTICATED.
   */
  async requestPayment(
    actor: Actor,
    bill: Bill,
    amount?: string | null,
  ): Promise<IssuedPaymentRequest | null> {
    const { userId } = assertUser(actor);
    const due = toMoney(dueMinor(bill), bill.currency);
    if (due.amountMinor === 0) return null;
    const asked = amount ? parseAmount(amount, due.currency) : due;
    if (!asked || asked.amountMinor <= 0 || asked.amountMinor > due.amountMinor) throw amountNotAllowed();
    const expiresAt = new Date(this.#now().getTime() + paymentRequestLifetimeMs);
    const token = await this.#signer.sign(
      {
        jti: uuidv7(),
        payable: { type: PayableType.BILL, id: bill.id },
        payableNumber: bill.billNumber,
        installmentId: toInstallmentId(bill.id, bill),
        payer: `user:${userId}`,
        ...asked,
      },
      expiresAt,
    );
    return { token, expiresAt, amount: asked };
  }

  #visible(actor: Actor, bills: readonly Bill[]): Bill[] {
    return bills.filter(({ userId }) => canSeeCustomer(actor, userId));
  }
}

function amountNotAllowed(): AppError {
  return new AppError('BAD_USER_INPUT', 'The amount must be more than zero and no more than what is due.', {
    reason: 'AMOUNT_NOT_ALLOWED',
    field: ['amount'],
  });
}
