import { isUuid } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { Log } from '@suvidha/log';
import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { Payment, PaymentStatus, Prisma } from '../generated/prisma/client.ts';
import type { ProcessLease } from '../lease/process-lease.ts';
import {
  type OrderRequest,
  type QrCodeRequest,
  VendorError,
  type VendorOrder,
  type VendorQrCode,
} from '../providers/payment-gateway.ts';
import { changePayment, lockPayment } from './payment.record.ts';
import { canFollow, isUnplaced } from './payment-status.rules.ts';

/**
 * How long one caller may be busy with the vendor before others go on without it, in milliseconds: longer than its two
 * calls may take. The claim of a process that died is void at once.
 */
const claimMs = 25_000;

const unclaimed = { orderClaimedBy: null, orderClaimedUntil: null };

/** What a payer pays at the vendor: an order on a page, or a QR code that stands for it. */
type Placed = VendorOrder | VendorQrCode;

export interface PaymentPlacementDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly gateways: Gateways;
  readonly lease: ProcessLease;
  readonly log: Log;
  readonly now: () => Date;
}

/** Gets a payment its order or QR code at the vendor: one that anybody is shown, whoever asks and however often. */
export class PaymentPlacementService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #gateways: Gateways;
  readonly #lease: ProcessLease;
  readonly #log: Log;
  readonly #now: () => Date;

  constructor({ db, store, gateways, lease, log, now }: PaymentPlacementDependencies) {
    this.#db = db;
    this.#store = store;
    this.#gateways = gateways;
    this.#lease = lease;
    this.#log = log;
    this.#now = now;
  }

  /**
   * Asks for the order of a payment that was recorded just now, with the claim its creation took: nobody has asked
   * before. Where the choice was left to us, a vendor that gives no order is left for the next one. That cannot take
   * money twice: nobody was sent to pay at the first, and its order, if it made one, is never shown.
   */
  async place(payment: Payment): Promise<Payment> {
    const asked = await this.#ask(payment);
    if (asked.vendorOrderId || !payment.isAuto || !isUnplaced(asked.status)) return asked;
    return this.#failOver(asked);
  }

  /**
   * Goes on where an earlier call was left: looks for the order before it asks for one.
   * @returns null while another caller is at it.
   * @throws VendorError when the vendor cannot be asked; that decides nothing.
   */
  async resume(payment: Payment): Promise<Payment | null> {
    if (!(await this.#claim(payment))) return this.#findPlaced(payment.id);
    const order = await this.#find(payment);
    if (order) return this.#recordOrder(payment, order);
    if (payment.expiresAt <= this.#now()) return this.#release(payment.id, { status: 'EXPIRED' });
    return this.place(payment);
  }

  /** The payment that an order at the vendor was made for, when its answer never reached us. Null: none of ours. */
  async adopt(gatewayName: Payment['gateway'], orderId: string): Promise<Payment | null> {
    const gateway = this.#gateways.get(gatewayName);
    const order = await gateway.getOrder(orderId);
    if (!order.receipt || !isUuid(order.receipt)) return null;
    const payment = await this.#db.payment.findUnique({ where: { id: order.receipt } });
    if (!payment || payment.gateway !== gatewayName) {
      this.#log.error({ alert: 'stray-order', orderId, gateway: gatewayName }, 'an order of nobody was paid');
      return null;
    }
    return this.#recordOrder(payment, (await this.#lookUp(payment)) ?? order);
  }

  /** The claim that a payment is created with: whoever records the intent asks the vendor. */
  async newClaim(): Promise<{ orderClaimedBy: string; orderClaimedUntil: Date }> {
    await this.#lease.hold();
    return this.#toClaim();
  }

  #toClaim() {
    return {
      orderClaimedBy: this.#lease.id,
      orderClaimedUntil: new Date(this.#now().getTime() + claimMs),
    };
  }

  async #claim({ id, orderClaimedBy }: Payment): Promise<boolean> {
    await this.#lease.hold();
    const isDead = orderClaimedBy !== null && (await this.#lease.isDead(orderClaimedBy));
    const { count } = await this.#db.payment.updateMany({
      where: {
        id,
        vendorOrderId: null,
        OR: [
          { orderClaimedBy: null },
          { orderClaimedUntil: { lte: this.#now() } },
          ...(isDead ? [{ orderClaimedBy }] : []),
        ],
      },
      data: this.#toClaim(),
    });
    return count === 1;
  }

  /** What the other caller has achieved meanwhile. Null: nothing yet. */
  async #findPlaced(id: string): Promise<Payment | null> {
    const payment = await this.#db.payment.findUnique({ where: { id } });
    return payment && !isUnplaced(payment.status) ? payment : null;
  }

  async #find(payment: Payment): Promise<VendorOrder | null> {
    try {
      return await this.#lookUp(payment);
    } catch (error) {
      await this.#recordFailure(payment, error, null);
      throw error;
    }
  }

  /** Vendors do not find a QR code by our id. One whose answer was lost was shown to nobody: another is made instead. */
  async #lookUp(payment: Payment): Promise<VendorOrder | null> {
    if (payment.checkout === 'UPI_QR') return null;
    return this.#gateways.get(payment.gateway).findOrder(toOrderRequest(payment));
  }

  #make(payment: Payment): Promise<Placed> {
    const gateway = this.#gateways.get(payment.gateway);
    return payment.checkout === 'UPI_QR'
      ? gateway.createQrCode(toQrCodeRequest(payment))
      : gateway.createOrder(toOrderRequest(payment));
  }

  async #ask(payment: Payment): Promise<Payment> {
    try {
      return await this.#recordOrder(payment, await this.#make(payment));
    } catch (error) {
      return this.#recordFailure(payment, error, this.#next(payment) ? null : 'FAILED');
    }
  }

  async #failOver(payment: Payment): Promise<Payment> {
    const next = this.#next(payment);
    if (!next) return payment;
    const moved = await this.#change(payment.id, (current) =>
      current.vendorOrderId === null && current.gateway === payment.gateway && isUnplaced(current.status)
        ? {
            gateway: next,
            gatewaysTried: [...current.gatewaysTried, current.gateway],
            ...this.#toClaim(),
          }
        : null,
    );
    if (moved.gateway !== next) return moved;
    this.#log.warn({ paymentId: payment.id, from: payment.gateway, to: next }, 'the next gateway is asked');
    return this.place(moved);
  }

  /** The gateway to ask when this one gives no order. Null: there is none. */
  #next(payment: Payment): Payment['gateway'] | null {
    if (!payment.isAuto) return null;
    const money = { amountMinor: Number(payment.amountMinor), currency: payment.currency };
    const left = this.#gateways
      .offer('AUTO', money)
      .filter(({ terms }) => terms.checkouts.includes(payment.checkout))
      .filter(({ terms }) => terms.name !== payment.gateway && !payment.gatewaysTried.includes(terms.name));
    return left[0]?.terms.name ?? null;
  }

  /**
   * Records the vendor's order once; a second order for the same payment is never shown to anybody, nor one of a
   * gateway that was left. The order of a payment that is over is recorded too, so that money which comes for it is
   * known, but nobody is sent to pay it.
   */
  #recordOrder({ id, gateway }: Payment, order: Placed): Promise<Payment> {
    return this.#change(id, (payment) => {
      if (payment.vendorOrderId || payment.gateway !== gateway) return null;
      const isAwaited = canFollow(payment.status, 'PENDING');
      return {
        vendorOrderId: order.id,
        ...unclaimed,
        ...(isAwaited && { status: 'PENDING', ...toShown(order) }),
      };
    });
  }

  /**
   * Only a lost answer makes a payment UNKNOWN. A call that was never sent leaves everything as it is.
   * @param refused the status that a refusal leads to. Null: none.
   */
  #recordFailure(payment: Payment, error: unknown, refused: 'FAILED' | null): Promise<Payment> {
    if (!(error instanceof VendorError)) throw error;
    this.#log.warn({ paymentId: payment.id, outcome: error.outcome, error }, 'the vendor gave no order');
    const status = error.outcome === 'UNKNOWN' ? 'UNKNOWN' : error.outcome === 'REFUSED' ? refused : null;
    return this.#release(payment.id, status && { status, failureCode: error.vendorCode ?? null });
  }

  /**
   * Gives the claim up, with what was found. Another caller may have had an order meanwhile: then it says nothing.
   */
  #release(
    paymentId: string,
    change: { status: PaymentStatus; failureCode?: string | null } | null,
  ): Promise<Payment> {
    return this.#store.transact(async (unit) => {
      const payment = await getLocked(unit.tx, paymentId);
      const isNews = change && isUnplaced(payment.status) && canFollow(payment.status, change.status);
      if (isNews) return changePayment(unit, payment, { ...change, ...unclaimed });
      return unit.tx.payment.update({ where: { id: paymentId }, data: unclaimed });
    });
  }

  /** Changes a payment as `decide` says of its state under lock. Null: not at all. */
  #change(
    paymentId: string,
    decide: (payment: Payment) => Prisma.PaymentUpdateInput | null,
  ): Promise<Payment> {
    return this.#store.transact(async (unit) => {
      const payment = await getLocked(unit.tx, paymentId);
      const change = decide(payment);
      return change ? changePayment(unit, payment, change) : payment;
    });
  }
}

async function getLocked(tx: Db, paymentId: string): Promise<Payment> {
  const payment = await lockPayment(tx, paymentId);
  if (!payment) throw new Error('a payment is never deleted');
  return payment;
}

function toOrderRequest(payment: Payment): OrderRequest {
  return {
    paymentId: payment.id,
    amountMinor: Number(payment.amountMinor),
    currency: payment.currency,
  };
}

function toQrCodeRequest(payment: Payment): QrCodeRequest {
  const { counterId, expiresAt } = payment;
  if (counterId === null) throw new Error('a QR code always has its counter');
  return { ...toOrderRequest(payment), counterId, expiresAt };
}

/** What the payer is shown of it. */
function toShown(order: Placed) {
  return 'checkoutUrl' in order
    ? { checkoutUrl: order.checkoutUrl }
    : { qrUpiUri: order.upiUri, qrImageUrl: order.imageUrl };
}
