import { uuidv7 } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { Db } from '../db.ts';
import type { Payment, Receipt, Refund } from '../generated/prisma/client.ts';
import { isMoneyTaken } from '../payment/payment-status.rules.ts';
import { toNumber, toSeries } from './receipt-number.rules.ts';

export interface ReceiptServiceDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly now: () => Date;
}

/** What a receipt is for: a payment, or one of its refunds. */
export type ReceiptSubject = { readonly paymentId: string } | { readonly refundId: string };

/** Receipts: issued once, numbered without gaps, never changed. */
export class ReceiptService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #now: () => Date;

  constructor({ db, store, now }: ReceiptServiceDependencies) {
    this.#db = db;
    this.#store = store;
    this.#now = now;
  }

  /** Issues the receipt of money that was taken, or given back; a second time it changes nothing. */
  async issue(subject: ReceiptSubject): Promise<void> {
    await this.#store.transact(async ({ tx }) => {
      const content =
        'refundId' in subject ? await ofRefund(tx, subject.refundId) : await ofPayment(tx, subject.paymentId);
      if (!content) return;
      const issuedAt = this.#now();
      const series = toSeries(content.refundId ? 'REFUND' : 'PAYMENT', issuedAt);
      // The counter's row is locked until the receipt stands, and a second receipt for the same breaks a unique index,
      // which takes the count back too: no number is ever skipped or used twice.
      const last = await countUp(tx, series);
      await tx.receipt.create({
        data: { id: uuidv7(), number: toNumber(series, last), issuedAt, ...content },
      });
    });
  }

  /** Receipts of payments and of refunds, by the id of either. The caller has been given those. */
  async findBySubject(ids: readonly string[]): Promise<ReadonlyMap<string, Receipt>> {
    const receipts = await this.#db.receipt.findMany({
      where: { OR: [{ paymentId: { in: [...ids] }, refundId: null }, { refundId: { in: [...ids] } }] },
    });
    return new Map(receipts.map((receipt) => [receipt.refundId ?? receipt.paymentId, receipt]));
  }

  find(id: string): Promise<Receipt | null> {
    return this.#db.receipt.findUnique({ where: { id } });
  }

  /** The number of the receipt that a refund's receipt belongs to. */
  async findPaymentNumber({ paymentId, refundId }: Receipt): Promise<string | null> {
    if (!refundId) return null;
    return (await this.#db.receipt.findFirst({ where: { paymentId, refundId: null } }))?.number ?? null;
  }
}

type Content = Omit<Receipt, 'id' | 'number' | 'issuedAt'>;

async function ofPayment(tx: Db, paymentId: string): Promise<Content | null> {
  const payment = await tx.payment.findUnique({ where: { id: paymentId } });
  if (!payment?.capturedAt || !isMoneyTaken(payment.status)) return null;
  const content = {
    ...toCommon(payment),
    refundId: null,
    vendorReference: payment.vendorPaymentId,
    amountMinor: payment.amountMinor,
    movedAt: payment.capturedAt,
  };
  return (await exists(tx, content)) ? null : content;
}

async function ofRefund(tx: Db, refundId: string): Promise<Content | null> {
  const refund = await tx.refund.findUnique({ where: { id: refundId }, include: { payment: true } });
  if (!refund?.processedAt) return null;
  const content = toRefundContent(refund, refund.payment, refund.processedAt);
  return (await exists(tx, content)) ? null : content;
}

function toRefundContent(refund: Refund, payment: Payment, movedAt: Date): Content {
  return {
    ...toCommon(payment),
    refundId: refund.id,
    vendorReference: refund.vendorRefundId,
    amountMinor: refund.amountMinor,
    movedAt,
  };
}

function toCommon({ id, payableType, payableId, gateway, currency }: Payment) {
  return { paymentId: id, payableType, payableId, gateway, currency };
}

async function exists(
  tx: Db,
  { paymentId, refundId }: Pick<Content, 'paymentId' | 'refundId'>,
): Promise<boolean> {
  return (await tx.receipt.count({ where: { paymentId, refundId } })) > 0;
}

async function countUp(tx: Db, series: string): Promise<number> {
  const [row] = await tx.$queryRaw<
    { last: number }[]
  >`insert into receipt_counter (series, last) values (${series}, 1)
    on conflict (series) do update set last = receipt_counter.last + 1 returning last`;
  if (!row) throw new Error('the receipt counter did not answer');
  return row.last;
}
