import { setImmediate as turn } from 'node:timers/promises';
import { createSandbox, type Sandbox } from '@suvidha/sandbox';

export const keyId = 'rzp_test_sandbox';
export const keySecret = 'sandbox_key_secret';
export const oldWebhookSecret = 'the old webhook secret';
export const newWebhookSecret = 'the new webhook secret';
export const paytmMerchant = { mid: 'TestMerchant00000001', merchantKey: 'test_merchant_k1' };

/** A QR code at Razorpay. */
export interface VendorCode {
  readonly id: string;
  readonly status: string;
  readonly close_by: number;
  readonly close_reason: string | null;
  readonly notes: { readonly payment_id: string; readonly counter_id: string };
}

/** What tests read of the vendor's books. */
export interface VendorState {
  readonly razorpay: {
    readonly orders: readonly { id: string; receipt: string | null; status: string }[];
    readonly payments: readonly { id: string; order_id: string; status: string; amount: number }[];
    readonly refunds: readonly { id: string; payment_id: string; amount: number; receipt: string | null }[];
    readonly qrCodes: readonly VendorCode[];
    readonly webhooks: readonly { event: string; state: string; attempts: number; accepted: number }[];
  };
}

export interface VendorScenario {
  readonly call: string;
  /** Default: razorpay. */
  readonly party?: 'razorpay' | 'paytm';
  readonly fault: string;
  readonly when?: 'before' | 'after';
  readonly times?: number;
  readonly delayMs?: number;
  readonly event?: string;
}

/** The sandbox over its HTTP control API, and what payers and tests do there. */
export class Vendor implements AsyncDisposable {
  readonly url: string;
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.url = sandbox.url;
  }

  static async start(): Promise<Vendor> {
    const webhookTiming = { firstRetryMs: 20, maxRetryMs: 100 };
    return new Vendor(
      await createSandbox({
        port: 0,
        razorpay: { keyId, keySecret, webhookSecret: newWebhookSecret, webhookTiming },
        paytm: { ...paytmMerchant, webhookTiming },
        twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'unused' },
      }),
    );
  }

  sendWebhooksTo(url: string | null, secret = newWebhookSecret): Promise<unknown> {
    return this.#call('POST', '/webhook', { url, secret });
  }

  sendPaytmWebhooksTo(url: string | null): Promise<unknown> {
    return this.#call('POST', '/webhook', { party: 'paytm', url });
  }

  /** What a payer's UPI app does. @returns the vendor's id of the attempt. */
  async scan(codeId: string, outcome = 'success', amountMinor?: number): Promise<string> {
    const answer = await this.#call('POST', '/scan', { codeId, outcome, amountMinor });
    return (answer as { paymentId: string }).paymentId;
  }

  /** What a payer's click does. @returns the vendor's id of the attempt. */
  async pay(checkoutUrl: string, outcome = 'success', amountMinor?: number): Promise<string> {
    const answer = await this.#call('POST', '/pay', { checkoutUrl, outcome, amountMinor });
    return (answer as { paymentId: string }).paymentId;
  }

  /** The bank's late answer to an attempt that was pending or had failed. */
  async answerLate(vendorPaymentId: string, outcome = 'success'): Promise<void> {
    await this.#call('POST', '/bank-answer', { paymentId: vendorPaymentId, outcome });
  }

  async strike({ call, ...scenario }: VendorScenario): Promise<void> {
    await this.#call('POST', '/scenario', { party: 'razorpay', call, ...scenario });
  }

  /** Stops calls at a point until the answered disposable is disposed. */
  async hold(point: string): Promise<AsyncDisposable> {
    await this.#call('POST', '/hold', { point });
    return { [Symbol.asyncDispose]: async () => void (await this.#call('DELETE', `/hold/${point}`)) };
  }

  async waitUntilHeld(point: string): Promise<void> {
    await this.#call('GET', `/hold/${point}/wait`);
  }

  state(): Promise<VendorState> {
    return this.#call('GET', '/state') as Promise<VendorState>;
  }

  async waitFor(isWanted: (state: VendorState) => boolean): Promise<VendorState> {
    for (;;) {
      const state = await this.state();
      if (isWanted(state)) return state;
      await turn();
    }
  }

  /** No more faults and holds; what a reordering scenario has collected is sent. */
  async calm(): Promise<void> {
    await this.#call('DELETE', '/hold');
    await this.#call('DELETE', '/scenario');
  }

  /** The QR codes made for a payment, newest first. */
  async codesOf(paymentId: string): Promise<readonly VendorCode[]> {
    return (await this.state()).razorpay.qrCodes.filter(({ notes }) => notes.payment_id === paymentId);
  }

  /** The orders made for a payment. */
  async ordersOf(paymentId: string): Promise<readonly { id: string }[]> {
    return (await this.state()).razorpay.orders.filter(({ receipt }) => receipt === paymentId);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#sandbox.close();
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#sandbox.url}/control${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
