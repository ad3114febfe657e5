import type { Faults } from '../control/faults.ts';
import { DeliveryQueue, type WebhookTiming } from '../webhooks/delivery.queue.ts';
import { Account, type Refund, type Transaction } from './account.ts';
import { Bank } from './bank.ts';
import { signFields } from './checksum.ts';
import { toCallbackFields, toRefundDetails, toRefundInfo, toWebhookBody } from './entity.ts';
import { type RefundEvent, Refunds } from './refunds.ts';
import { createFormEvent, createJsonEvent, toWrong, type WebhookFormat } from './webhook.event.ts';

export interface PaytmOptions {
  /** The merchant's id. */
  mid: string;
  /** 16 characters. */
  merchantKey: string;
  /** Where events go; without it none are sent until one is set through the control API. */
  webhookUrl?: string | undefined;
  /** Default `form`. */
  webhookFormat?: WebhookFormat | undefined;
  /** Shorter waits, for tests. */
  webhookTiming?: Partial<WebhookTiming> | undefined;
  /** Shown on the checkout page. Default `Suvidha`. */
  merchantName?: string | undefined;
}

/** A merchant that protects nothing. */
export const examplePaytm: PaytmOptions = { mid: 'SandboxMerchant00001', merchantKey: 'sandbox_pay_key1' };

/** The parts of an imitated Paytm: one merchant's account, its money and its events. */
export class Paytm {
  readonly account = new Account();
  readonly webhooks: DeliveryQueue;
  readonly bank: Bank;
  readonly refunds: Refunds;
  readonly mid: string;
  readonly merchantKey: string;
  readonly merchantName: string;
  /** The shape of payment webhooks from now on. */
  webhookFormat: WebhookFormat;
  readonly faults: Faults;

  constructor(options: PaytmOptions, context: { faults: Faults; log: (line: object) => void }) {
    this.mid = options.mid;
    this.merchantKey = options.merchantKey;
    this.merchantName = options.merchantName ?? 'Suvidha';
    this.webhookFormat = options.webhookFormat ?? 'form';
    this.faults = context.faults;
    this.webhooks = new DeliveryQueue({
      call: 'paytm.send-webhook',
      url: options.webhookUrl ?? null,
      timing: options.webhookTiming,
      ...context,
    });
    this.bank = new Bank(this.account, (transaction) => this.tellPayment(transaction));
    this.refunds = new Refunds({
      account: this.account,
      faults: context.faults,
      onEvent: (...event) => this.tellRefund(...event),
    });
  }

  /** What the payer's browser takes back to the merchant, signed; wrongly when a scenario says so. */
  toSignedCallback(transaction: Transaction): Record<string, string> {
    const fields = toCallbackFields(transaction, this.mid);
    const fault = this.faults.scenarios.take({ call: 'paytm.confirm-payment', step: 'before' });
    const key = fault === null ? this.merchantKey : toWrong(this.merchantKey);
    return { ...fields, CHECKSUMHASH: signFields(fields, key) };
  }

  /** Back to an account in which nothing has happened; the webhook address stays. */
  reset(): void {
    this.webhooks.clear();
    this.refunds.stop();
    this.account.clear();
  }

  private tellPayment(transaction: Transaction): void {
    const event = transaction.status === 'TXN_SUCCESS' ? 'payment.success' : 'payment.failure';
    this.webhooks.enqueue(
      this.webhookFormat === 'form'
        ? createFormEvent(event, toCallbackFields(transaction, this.mid), this.merchantKey)
        : createJsonEvent(event, toWebhookBody(transaction, this.mid), this.merchantKey),
    );
  }

  private tellRefund(event: RefundEvent, refund: Refund, transaction: Transaction): void {
    const body = { resultInfo: toRefundInfo(refund), ...toRefundDetails(refund, transaction, this.mid) };
    this.webhooks.enqueue(createJsonEvent(event, body, this.merchantKey));
  }
}
