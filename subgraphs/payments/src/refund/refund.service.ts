import type { EventStore } from '@suvidha/events';
import type { Db } from '../db.ts';
import { changePayment, lockPayment } from '../payment/payment.record.ts';
import { canFollow } from '../payment/payment-status.rules.ts';
import type { PaymentGatewayPort } from '../providers/payment-gateway.ts';

/** Gives money back that its owner could not use. */
export class RefundService {
  readonly #db: Db;
  readonly #store: EventStore<Db>;
  readonly #gateway: PaymentGatewayPort;

  constructor({ db, store, gateway }: { db: Db; store: EventStore<Db>; gateway: PaymentGatewayPort }) {
    this.#db = db;
    this.#store = store;
    this.#gateway = gateway;
  }

  /**
   * Asks the vendor to give the money back and records the answer. Safe to repeat: the refund's id is the vendor's
   * idempotency key. Rejects when the vendor did not say yes, so that the job comes again.
   */
  async execute(refundId: string): Promise<void> {
    const refund = await this.#db.refund.findUniqueOrThrow({
      where: { id: refundId },
      include: { payment: true },
    });
    if (refund.status === 'PROCESSED' || !refund.payment.vendorPaymentId) return;
    const { id: vendorRefundId } = await this.#gateway.refund({
      refundId,
      vendorPaymentId: refund.payment.vendorPaymentId,
      amountMinor: Number(refund.amountMinor),
    });
    await this.#store.transact(async (unit) => {
      const payment = await lockPayment(unit.tx, refund.paymentId);
      await unit.tx.refund.update({ where: { id: refundId }, data: { status: 'PROCESSED', vendorRefundId } });
      if (payment && canFollow(payment.status, 'REFUNDED'))
        await changePayment(unit, payment, { status: 'REFUNDED' });
    });
  }
}
