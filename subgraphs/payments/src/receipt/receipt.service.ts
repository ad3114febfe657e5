import { uuidv7 } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { Db } from '../db.ts';
import type { Payment, Receipt, Refund } from '../generated/prisma/client.ts';
import { lockPayment } from '../payment/payment.record.ts';
import { isMoneyTaken } from '../payment/payment-status.rules.ts';
import { toReceiptIssued } from './receipt.event.ts';
import { toNumber, toSeries } from './receipt-number.rules.ts';
import type { ReceiptUrls } from './receipt-url.ts';

export interface ReceiptServiceDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly urls: ReceiptUrls;
  readonly now: () => Date;
}

/** What a receipt is for: a payment, or one of its refunds. */
export type ReceiptSubject = { readonly paymentId: string } | { readonly refundId: string };

/** Receipts: issued once, numbered without gaps, never changed. */
export class ReceiptService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #urls: ReceiptUrls;
  readonly #now: () => Date;

  constructor({ db, store, urls, now }: ReceiptServiceDependencies) {
    this.#db = db;
    this.#store = store;
    this.#urls = urls;
    this.#now = now;
  }

  /** Issues the receipt of money that was taken, or given back, and tells of it; a second time it changes nothing. */
  async issue(subject: ReceiptSubject): Promise<void> {
    await this.#store.transact(async ({ tx, append }) => {
      const found =
        'refundId' in subject ? await ofRefund(tx, subject.refundId) : await ofPayment(tx, subject.paymentId);
      if (!found) return;
      const receipt = await this.#number(tx, found.content);
      const address = this.#urls.sign(receipt.id, 'MAIL');
      await append(toReceiptIssued(receipt, { payer: found.payer, address }));
    });
  }

  /**
   * The counter's row is locked until the receipt stands, and a second receipt for the same breaks a unique index,
   * which takes the count back too: no number is ever skipped or used twice.
   */
  async #number(tx: Db, content: Content): Promise<Receipt> {
    const issuedAt = this.#now();
    const series = toSeries(content.refundId ? 'REFUND' : 'PAYMENT', issuedAt);
    const last = await countUp(tx, series);
    return tx.receipt.create({
      data: { id: uuidv7(), number: toNumber(series, last), issuedAt, ...content },
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

/** What a receipt shall say, and whose it is. The payment is locked: its payer may be about to be forgotten. */
interface Found {
  readonly content: Content;
  readonly payer: string;
}

async function ofPayment(tx: Db, paymentId: string): Promise<Found | null> {
  const payment = await lockPayment(tx, paymentId);
  if (!payment?.capturedAt || !isMoneyTaken(payment.status)) return null;
  const content = {
    ...toCommon(payment),
    refundId: null,
    vendorReference: payment.vendorPaymentId,
    amountMinor: payment.amountMinor,
    movedAt: payment.capturedAt,
  };
  return (await exists(tx, content)) ? null : { content, payer: payment.payer };
}

async function ofRefund(tx: Db, refundId: string): Promise<Found | null> {
  const refund = await tx.refund.findUnique({ where: { id: refundId } });
  const payment = refund && (await lockPayment(tx, refund.paymentId));
  if (!refund?.processedAt || !payment) return null;
  const content = toRefundContent(refund, payment, refund.processedAt);
  return (await exists(tx, content)) ? null : { content, payer: payment.payer };
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

function toCommon({ id, payableType, payableId, payableNumber, gateway, currency }: Payment) {
  return { paymentId: id, payableType, payableId, payableNumber, gateway, currency };
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
