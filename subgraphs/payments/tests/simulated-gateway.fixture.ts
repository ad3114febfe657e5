import { setImmediate as turn } from 'node:timers/promises';
import { uuidv7 } from '@suvidha/db';
import {
  type ConfirmationFields,
  type GatewayHealth,
  type GatewayName,
  type GatewayTerms,
  type OrderRequest,
  type PaymentGatewayPort,
  type QrCodeRequest,
  type RefundRequest,
  VendorError,
  type VendorOrder,
  type VendorPayment,
  type VendorQrCode,
  type VendorReference,
  type VendorRefund,
  type WebhookHint,
} from '../src/providers/payment-gateway.ts';

/**
 * What goes wrong with a call: before it is sent, by a refusal, with the answer lost before or after it worked, or by the
 * end of our process before it has read the answer.
 */
export type SimulatedFault = 'UNSENT' | 'REFUSED' | 'LOST_BEFORE' | 'LOST_AFTER' | 'CRASH';

export type SimulatedCall =
  | 'createOrder'
  | 'findOrder'
  | 'listPayments'
  | 'getPayment'
  | 'refund'
  | 'findRefund'
  | 'createQrCode'
  | 'closeQrCode';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

type SimulatedRefund = Mutable<VendorRefund> & { amountMinor: number };

/**
 * A vendor within the process, for stories that are too many for HTTP. It keeps books of its own, refuses what a real
 * one refuses (a second success of one order, refunds beyond the capture) and does what a test tells it to.
 */
export class SimulatedGateway implements PaymentGatewayPort {
  readonly #name: GatewayName;
  readonly orders = new Map<string, VendorOrder & OrderRequest>();
  readonly payments = new Map<string, Mutable<VendorPayment>>();
  readonly refunds = new Map<string, SimulatedRefund>();
  /** QR codes that nobody can pay any more. */
  readonly closed = new Set<string>();
  /** Webhooks that have not been delivered, or shall be once more. */
  readonly outbox: { readonly eventId: string; readonly hint: WebhookHint }[] = [];
  readonly #faults: { call: SimulatedCall; fault: SimulatedFault }[] = [];
  readonly #feeMinor: number;
  healthNow: GatewayHealth = 'CLOSED';
  /** Whether the account may make QR codes. */
  hasQrCodes = true;

  constructor({ name, feeMinor = 0 }: { readonly name: GatewayName; readonly feeMinor?: number }) {
    this.#name = name;
    this.#feeMinor = feeMinor;
  }

  get terms(): GatewayTerms {
    const checkouts = this.hasQrCodes ? (['HOSTED_PAGE', 'UPI_QR'] as const) : (['HOSTED_PAGE'] as const);
    return { name: this.#name, currencies: ['INR'], checkouts, feeBasisPoints: 0 };
  }

  /** The next call of this kind goes wrong. */
  strike(call: SimulatedCall, fault: SimulatedFault): void {
    this.#faults.push({ call, fault });
  }

  calm(): void {
    this.#faults.length = 0;
  }

  /** A payer pays, or is declined. Null: the order has been paid or the QR code closed, and the payer is told so. */
  pay(
    orderId: string,
    outcome: 'CAPTURED' | 'FAILED' | 'AUTHORIZED',
    amountMinor?: number,
  ): VendorPayment | null {
    const order = this.orders.get(orderId);
    if (!order || this.#isPaid(orderId) || this.closed.has(orderId)) return null;
    const payment: Mutable<VendorPayment> = {
      id: `pay_${uuidv7()}`,
      orderId,
      amountMinor: amountMinor ?? order.amountMinor,
      currency: order.currency,
      status: outcome,
      feeMinor: outcome === 'CAPTURED' ? this.#feeMinor : null,
      failureCode: outcome === 'FAILED' ? 'declined' : null,
    };
    this.payments.set(payment.id, payment);
    this.#tell(payment);
    return payment;
  }

  /** The bank's late yes to an attempt that had failed. */
  answerLate(vendorPaymentId: string): void {
    const payment = this.payments.get(vendorPaymentId);
    if (payment?.status !== 'FAILED' || this.#isPaid(payment.orderId)) return;
    Object.assign(payment, { status: 'CAPTURED', feeMinor: this.#feeMinor, failureCode: null });
    this.#tell(payment);
  }

  /** The bank's answer to a refund, also one that comes after it said yes. */
  finishRefund(vendorRefundId: string, status: 'PROCESSED' | 'FAILED'): void {
    const refund = this.refunds.get(vendorRefundId);
    if (!refund || refund.status === status || refund.status === 'FAILED') return;
    Object.assign(refund, { status, failureCode: status === 'FAILED' ? 'bank' : null });
    this.outbox.push({
      eventId: uuidv7(),
      hint: { kind: 'REFUND', vendorRefundId, refundId: refund.refundId },
    });
  }

  /** Drops what it knows of a payment that is done, so that long runs stay quick. */
  forget(paymentId: string): void {
    for (const { id } of this.ordersOf(paymentId)) {
      for (const [key, payment] of this.payments) if (payment.orderId === id) this.payments.delete(key);
      this.orders.delete(id);
    }
    this.outbox.length = 0;
  }

  /** What was taken for an order and not given back. */
  heldFor(orderId: string): number {
    const taken = [...this.payments.values()].filter((p) => p.orderId === orderId && p.status === 'CAPTURED');
    const back = [...this.refunds.values()].filter(
      (refund) => refund.status === 'PROCESSED' && taken.some(({ id }) => id === refund.vendorPaymentId),
    );
    const sum = (rows: readonly { amountMinor: number }[]) =>
      rows.reduce((all, row) => all + row.amountMinor, 0);
    return sum(taken) - sum(back);
  }

  health(): GatewayHealth {
    return this.healthNow;
  }

  estimateFeeMinor(): number {
    return this.#feeMinor;
  }

  createOrder(request: OrderRequest): Promise<VendorOrder> {
    return this.#call('createOrder', () => {
      const id = `order_${uuidv7()}`;
      const order = { id, receipt: request.paymentId, checkoutUrl: `http://vendor.test/${id}`, ...request };
      this.orders.set(id, order);
      return order;
    });
  }

  findOrder({ paymentId }: OrderRequest): Promise<VendorOrder | null> {
    return this.#call('findOrder', () => this.ordersOf(paymentId)[0] ?? null);
  }

  ordersOf(paymentId: string): readonly VendorOrder[] {
    return [...this.orders.values()].filter(({ receipt }) => receipt === paymentId);
  }

  async getOrder(orderId: string): Promise<VendorOrder> {
    const order = this.orders.get(orderId);
    if (!order) throw new VendorError('REFUSED');
    return order;
  }

  listPayments(orderId: string): Promise<VendorPayment[]> {
    return this.#call('listPayments', () =>
      [...this.payments.values()].filter((payment) => payment.orderId === orderId).map((p) => ({ ...p })),
    );
  }

  getPayment({ paymentId, orderId }: VendorReference): Promise<VendorPayment> {
    return this.#call('getPayment', () => {
      const found = [...this.payments.values()].find((p) => p.id === paymentId || p.orderId === orderId);
      if (!found) throw new VendorError('REFUSED');
      return { ...found };
    });
  }

  async capture({ id }: VendorPayment): Promise<VendorPayment> {
    await turn();
    const payment = this.payments.get(id);
    if (!payment || payment.status === 'FAILED') throw new VendorError('REFUSED');
    if (payment.status !== 'CAPTURED' && this.#isPaid(payment.orderId)) throw new VendorError('REFUSED');
    if (payment.status !== 'CAPTURED')
      Object.assign(payment, { status: 'CAPTURED', feeMinor: this.#feeMinor });
    return { ...payment };
  }

  refund({ refundId, vendorPaymentId, amountMinor, currency }: RefundRequest): Promise<VendorRefund> {
    return this.#call('refund', () => {
      const known = this.#refundOf(refundId);
      if (known) return { ...known };
      const payment = this.payments.get(vendorPaymentId);
      const reserved = [...this.refunds.values()]
        .filter((refund) => refund.vendorPaymentId === vendorPaymentId && refund.status !== 'FAILED')
        .reduce((sum, refund) => sum + refund.amountMinor, 0);
      if (payment?.status !== 'CAPTURED' || reserved + amountMinor > payment.amountMinor)
        throw new VendorError('REFUSED');
      const id = `rfnd_${uuidv7()}`;
      const status = 'PENDING' as const;
      const refund = { id, refundId, vendorPaymentId, amountMinor, currency, status, failureCode: null };
      this.refunds.set(id, refund);
      return { ...refund };
    });
  }

  findRefund({ refundId }: RefundRequest): Promise<VendorRefund | null> {
    return this.#call('findRefund', () => {
      const refund = this.#refundOf(refundId);
      return refund ? { ...refund } : null;
    });
  }

  async listPaymentsBetween(): Promise<VendorPayment[]> {
    return [...this.payments.values()].map((payment) => ({ ...payment }));
  }

  async listRefundsBetween(): Promise<VendorRefund[]> {
    return [...this.refunds.values()].map((refund) => ({ ...refund }));
  }

  async getCheckoutParameters(): Promise<Record<string, string>> {
    return {};
  }

  async getBrowserCheckout(): Promise<never> {
    throw new VendorError('REFUSED');
  }

  findCallbackOrder(): null {
    return null;
  }

  /** A code is kept like an order: it stands for one. */
  createQrCode(request: QrCodeRequest): Promise<VendorQrCode> {
    return this.#call('createQrCode', () => {
      const id = `qr_${uuidv7()}`;
      const receipt = request.paymentId;
      this.orders.set(id, { ...request, id, receipt, checkoutUrl: `http://vendor.test/${id}` });
      return { id, receipt, upiUri: null, imageUrl: `http://vendor.test/${id}` };
    });
  }

  closeQrCode(id: string): Promise<void> {
    return this.#call('closeQrCode', () => void this.closed.add(id));
  }

  verifyConfirmation(orderId: string, { payment, signature }: ConfirmationFields): VendorReference | null {
    return payment && signature === `signed:${orderId}:${payment}` ? { paymentId: payment, orderId } : null;
  }

  verifyWebhook(_body: Buffer, headers: Readonly<Record<string, unknown>>): { eventId: string } | null {
    return headers['x-signature'] === 'signed' ? { eventId: String(headers['x-event-id']) } : null;
  }

  readWebhook(body: Buffer): WebhookHint {
    return JSON.parse(body.toString()) as WebhookHint;
  }

  #isPaid(orderId: string | null): boolean {
    return [...this.payments.values()].some((paid) => paid.orderId === orderId && paid.status === 'CAPTURED');
  }

  #refundOf(refundId: string): SimulatedRefund | undefined {
    return [...this.refunds.values()].find((refund) => refund.refundId === refundId);
  }

  #tell({ id, orderId }: VendorPayment): void {
    this.outbox.push({ eventId: uuidv7(), hint: { kind: 'PAYMENT', paymentId: id, orderId } });
  }

  /** A call that others can overtake, and that goes wrong when it is told to. */
  async #call<Result>(call: SimulatedCall, answer: () => Result): Promise<Result> {
    const at = this.#faults.findIndex((fault) => fault.call === call);
    const [struck] = at < 0 ? [] : this.#faults.splice(at, 1);
    await turn();
    if (struck?.fault === 'UNSENT' || struck?.fault === 'REFUSED') throw new VendorError(struck.fault);
    if (struck?.fault === 'LOST_BEFORE') throw new VendorError('UNKNOWN');
    const result = answer();
    await turn();
    if (struck?.fault === 'CRASH') throw new Error('the process ended here');
    if (struck) throw new VendorError('UNKNOWN');
    return result;
  }
}
