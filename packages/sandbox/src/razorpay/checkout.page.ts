import { type Html, html } from '@suvidha/html';
import {
  type Brand,
  formatAmount,
  renderButtons,
  renderFailure,
  renderHead,
  renderHidden,
  renderLayout,
  renderMethods,
  renderPostBack,
  renderProblemPage,
  renderResult,
} from '../pages/checkout.parts.ts';
import type { Order, Payment } from './account.ts';
import type { Failure } from './failure.ts';
import { banks, examplePayer, type PayerInput } from './instrument.ts';

/** What every checkout page shows, and where it leads. */
export interface CheckoutView {
  merchantName: string;
  order: Order;
  /** The merchant's page that gets the result; null when the payer simply closes the window. */
  callbackUrl: string | null;
  /** Whether the page stands in the frame that checkout.js opens: then the result goes to the page around it. */
  isFramed: boolean;
}

/** A paid order, and what goes back to the merchant with the payer. */
export interface SuccessView extends CheckoutView {
  payment: Payment;
  callback: CallbackFields;
  /** Allows the page's one script, which sends the payer back. */
  nonce: string;
}

/** Fields the merchant's page gets by form POST, or checkout.js's handler. */
export type CallbackFields = Record<
  'razorpay_payment_id' | 'razorpay_order_id' | 'razorpay_signature',
  string
>;

/** An attempt that failed: why, and what was entered. */
export interface FailedAttempt {
  failure: Failure;
  input: PayerInput;
  paymentId: string;
  /** Allows the script that tells the page around it. */
  nonce: string;
}

/** The form where a payer chooses how to pay; after a failed attempt with the reason and what was entered. */
export function renderPaymentPage(view: CheckoutView, attempt?: FailedAttempt): Html {
  const input = attempt?.input ?? examplePayer;
  const hidden = renderHidden({ callback_url: view.callbackUrl, framed: view.isFramed ? '1' : '' });
  return renderLayout(
    toBrand(view),
    view.merchantName,
    html`${renderHeader(view)}
<form class="body" method="post" action="/razorpay/checkout/${view.order.id}">
  ${attempt === undefined ? null : renderFailure(attempt.failure.description)}
  ${hidden}
  ${renderMethods([toUpi(input), toCard(input), toNetbanking(input)])}
  ${renderButtons(formatAmount(dueOf(view.order), view.order.currency))}
</form>
${attempt !== undefined && view.isFramed ? renderFailedMessage(view, attempt) : null}`,
  );
}

/** The result of a successful payment; goes back to the merchant by itself when there is a way back. */
export function renderSuccessPage(view: SuccessView): Html {
  const { payment } = view;
  const content = html`<dl>
    <dt>Paid</dt><dd>${formatAmount(payment.amount, payment.currency)}</dd>
    <dt>Payment id</dt><dd><code>${payment.id}</code></dd>
  </dl>
  ${renderWayBack(view)}`;
  return renderLayout(
    toBrand(view),
    view.merchantName,
    html`${renderHeader(view)}
${renderResult({ mark: 'ok', title: 'Payment successful', content })}`,
  );
}

/** Nothing to pay: the order has its money. */
export function renderPaidPage(view: CheckoutView): Html {
  const back =
    view.callbackUrl === null
      ? null
      : html`<a class="primary" href="${view.callbackUrl}">Return to ${view.merchantName}</a>`;
  const content = html`<p>This order has been paid. You do not need to pay again.</p>
  ${back}`;
  return renderLayout(
    toBrand(view),
    view.merchantName,
    html`${renderHeader(view)}
${renderResult({ mark: 'ok', title: 'Already paid', content })}`,
  );
}

/** A page for a link that leads nowhere. */
export function renderRazorpayProblem(problem: { title: string; text: string }): Html {
  return renderProblemPage('razorpay', problem);
}

function toBrand({ isFramed }: CheckoutView): Brand {
  return isFramed ? 'razorpay framed' : 'razorpay';
}

function dueOf(order: Order): number {
  return order.amount - order.amountPaid;
}

function renderHeader({ order, merchantName }: CheckoutView): Html {
  const amount = formatAmount(order.amount, order.currency);
  return renderHead({ merchantName, amount, lines: [order.receipt, order.id] });
}

function renderWayBack(view: SuccessView): Html {
  if (view.isFramed) return renderMessage({ type: 'success', response: view.callback }, view.nonce);
  if (view.callbackUrl === null) return html`<p class="hint">You can close this page.</p>`;
  const { callback: fields, merchantName, nonce } = view;
  return renderPostBack({ action: view.callbackUrl, fields, merchantName, nonce });
}

function renderFailedMessage({ order }: CheckoutView, { failure, paymentId, nonce }: FailedAttempt): Html {
  const metadata = { order_id: order.id, payment_id: paymentId };
  return renderMessage({ type: 'failed', response: { error: { ...failure, metadata } } }, nonce);
}

/** Tells the page around the frame; its checkout.js takes messages of this origin only. */
function renderMessage(message: object, nonce: string): Html {
  return html`<p class="hint">Back to the shop in a moment.</p>
<script nonce="${nonce}" id="message" data-message="${JSON.stringify(message)}">
  parent.postMessage(JSON.parse(document.currentScript.dataset.message), '*');
</script>`;
}

function toUpi(input: PayerInput) {
  const fields = html`<label>UPI id
        <input name="vpa" value="${input.vpa}" autocomplete="off" autocapitalize="none" spellcheck="false"></label>
        <p class="hint"><code>failure@razorpay</code> is declined.</p>`;
  return { value: 'upi', label: 'UPI', hint: 'Any UPI app', isChecked: input.method === 'upi', fields };
}

function toCard(input: PayerInput) {
  const fields = html`<div class="pair"><label>Card number
        <input name="card_number" value="${input.cardNumber}" inputmode="numeric" autocomplete="off"></label>
        <label>One-time password
        <input name="otp" value="${input.otp}" inputmode="numeric" autocomplete="off"></label></div>
        <p class="hint">Fewer than 4 digits fail.</p>`;
  return {
    value: 'card',
    label: 'Card',
    hint: 'Visa, Mastercard, RuPay',
    isChecked: input.method === 'card',
    fields,
  };
}

function toNetbanking(input: PayerInput) {
  const options = Object.entries(banks).map(
    ([code, name]) =>
      html`<option value="${code}"${code === input.bank ? html` selected` : null}>${name}</option>`,
  );
  return {
    value: 'netbanking',
    label: 'Net banking',
    hint: 'All major banks',
    isChecked: input.method === 'netbanking',
    fields: html`<label>Bank <select name="bank">${options}</select></label>`,
  };
}
