import type { Faults } from '../control/faults.ts';
import type { WebhookTiming } from '../webhooks/delivery.queue.ts';
import { Account, type Payment } from './account.ts';
import { Bank } from './bank.ts';
import type { CallbackFields } from './checkout.page.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { QrCodes } from './qr-codes.ts';
import { Refunds } from './refunds.ts';
import { signPayment } from './signature.ts';
import { Webhooks } from './webhooks.ts';

export interface RazorpayOptions {
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  /** Where events go; without it none are sent until one is set through the control API. */
  webhookUrl?: string | undefined;
  /** Shorter waits, for tests. Default: 5 s for the receiver, pauses of 200 ms to 5 s, 24 hours in all. */
  webhookTiming?: Partial<WebhookTiming> | undefined;
  /** Shown on the checkout page. Default `Suvidha`. */
  merchantName?: string | undefined;
  /** Whether the account is told what a QR code holds, or only where its picture is. Default false. */
  hasImageContent?: boolean | undefined;
  /** Where browsers find the pictures of QR codes. Default: the address that the caller used. */
  publicUrl?: string | undefined;
}

/** The parts of an imitated Razorpay: one merchant's account, its money and its events. */
export class Razorpay {
  readonly account = new Account();
  readonly webhooks: Webhooks;
  readonly bank: Bank;
  readonly refunds: Refunds;
  readonly qrCodes: QrCodes;
  readonly keys = new IdempotencyKeys();
  readonly keySecret: string;
  readonly merchantName: string;
  readonly publicUrl: string | null;
  readonly keyId: string;
  readonly faults: Faults;

  constructor(options: RazorpayOptions, context: { faults: Faults; log: (line: object) => void }) {
    this.keyId = options.keyId;
    this.keySecret = options.keySecret;
    this.merchantName = options.merchantName ?? 'Suvidha';
    this.publicUrl = options.publicUrl ?? null;
    this.faults = context.faults;
    this.webhooks = new Webhooks({
      accountId: this.account.id,
      url: options.webhookUrl ?? null,
      secret: options.webhookSecret,
      timing: options.webhookTiming,
      ...context,
    });
    this.bank = new Bank(this.account, this.webhooks);
    this.refunds = new Refunds({ account: this.account, webhooks: this.webhooks, faults: context.faults });
    const { merchantName } = this;
    this.qrCodes = new QrCodes(this, { merchantName, hasImageContent: options.hasImageContent ?? false });
  }

  /** What checkout hands to the merchant's page for a payment, signed; wrongly when a scenario says so. */
  toSignedCallback(payment: Payment): CallbackFields {
    const fault = this.faults.scenarios.take({ call: 'razorpay.confirm-payment', step: 'before' });
    const secret = fault === null ? this.keySecret : `not ${this.keySecret}`;
    return {
      razorpay_payment_id: payment.id,
      razorpay_order_id: payment.orderId ?? '',
      razorpay_signature: signPayment({ orderId: payment.orderId ?? '', paymentId: payment.id }, secret),
    };
  }

  /** Back to an account in which nothing has happened; the webhook address stays. */
  reset(): void {
    this.webhooks.clear();
    this.refunds.stop();
    this.account.clear();
    this.keys.clear();
  }
}
