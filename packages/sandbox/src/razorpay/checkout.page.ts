import { type Html, html } from '../pages/html.ts';
import type { Order, Payment } from './account.ts';
import type { Failure } from './failure.ts';
import { banks, examplePayer, type PayerInput } from './instrument.ts';

/** What every checkout page shows, and where it leads. */
export interface CheckoutView {
  merchantName: string;
  order: Order;
  /** The merchant's page that gets the result; null when the payer simply closes the window. */
  callbackUrl: string | null;
}

/** A paid order, and what goes back to the merchant with the payer. */
export interface SuccessView extends CheckoutView {
  payment: Payment;
  callback: CallbackFields;
  /** Allows the page's one script, which sends the payer back. */
  nonce: string;
}

/** Fields the merchant's page gets by form POST. */
export type CallbackFields = Record<
  'razorpay_payment_id' | 'razorpay_order_id' | 'razorpay_signature',
  string
>;

/** The form where a payer chooses how to pay; after a failed attempt with the reason and what was entered. */
export function renderPaymentPage(
  view: CheckoutView,
  attempt?: { failure: Failure; input: PayerInput },
): Html {
  const input = attempt?.input ?? examplePayer;
  const action = `/razorpay/checkout/${view.order.id}`;
  return layout(
    view.merchantName,
    html`${renderHeader(view)}
<form class="body" method="post" action="${action}">
  ${attempt === undefined ? null : renderFailure(attempt.failure)}
  <input type="hidden" name="callback_url" value="${view.callbackUrl}">
  <fieldset>
    <legend>Pay with</legend>
    ${renderUpi(input)}
    ${renderCard(input)}
    ${renderNetbanking(input)}
  </fieldset>
  <button class="primary" name="action" value="pay">Pay ${formatAmount(dueOf(view.order), view.order.currency)}</button>
  <button class="quiet" name="action" value="decline">Decline</button>
</form>`,
  );
}

/** The result of a successful payment; goes back to the merchant by itself when there is a way back. */
export function renderSuccessPage(view: SuccessView): Html {
  const { payment } = view;
  return layout(
    view.merchantName,
    html`${renderHeader(view)}
<div class="body result">
  <div class="mark ok" aria-hidden="true">✓</div>
  <h1>Payment successful</h1>
  <dl>
    <dt>Paid</dt><dd>${formatAmount(payment.amount, payment.currency)}</dd>
    <dt>Payment id</dt><dd><code>${payment.id}</code></dd>
  </dl>
  ${view.callbackUrl === null ? html`<p class="hint">You can close this page.</p>` : renderCallback(view)}
</div>`,
  );
}

/** Nothing to pay: the order has its money. */
export function renderPaidPage(view: CheckoutView): Html {
  const back =
    view.callbackUrl === null
      ? null
      : html`<a class="primary" href="${view.callbackUrl}">Return to ${view.merchantName}</a>`;
  return layout(
    view.merchantName,
    html`${renderHeader(view)}
<div class="body result">
  <div class="mark ok" aria-hidden="true">✓</div>
  <h1>Already paid</h1>
  <p>This order has been paid. You do not need to pay again.</p>
  ${back}
</div>`,
  );
}

/** A page for a link that leads nowhere. */
export function renderProblemPage(problem: { title: string; text: string }): Html {
  return layout(
    problem.title,
    html`<div class="body result">
  <div class="mark bad" aria-hidden="true">!</div>
  <h1>${problem.title}</h1>
  <p>${problem.text}</p>
</div>`,
  );
}

/** An amount in minor units as people in India read it: `₹1,23,456.00`. */
export function formatAmount(amountMinor: number, currency: string): string {
  return new Intl.NumberFormat('en-IN', { style: 'currency', currency }).format(amountMinor / 100);
}

function dueOf(order: Order): number {
  return order.amount - order.amountPaid;
}

function renderHeader(view: CheckoutView): Html {
  const { order, merchantName } = view;
  return html`<header>
  <div class="badge" aria-hidden="true">${merchantName.charAt(0).toUpperCase()}</div>
  <div class="merchant"><strong>${merchantName}</strong><span>${order.receipt}</span><span>${order.id}</span></div>
  <div class="amount">${formatAmount(order.amount, order.currency)}</div>
</header>`;
}

function renderFailure(failure: Failure): Html {
  return html`<p class="failure" role="alert"><strong>Payment failed.</strong> ${failure.description}</p>`;
}

function renderUpi(input: PayerInput): Html {
  return html`<div class="method">
      <label class="choice"><input type="radio" name="method" value="upi"${checked(input.method === 'upi')}>
        <span>UPI</span><small>Any UPI app</small></label>
      <div class="fields"><label>UPI id
        <input name="vpa" value="${input.vpa}" autocomplete="off" autocapitalize="none" spellcheck="false"></label>
        <p class="hint"><code>failure@razorpay</code> is declined.</p></div>
    </div>`;
}

function renderCard(input: PayerInput): Html {
  return html`<div class="method">
      <label class="choice"><input type="radio" name="method" value="card"${checked(input.method === 'card')}>
        <span>Card</span><small>Visa, Mastercard, RuPay</small></label>
      <div class="fields pair"><label>Card number
        <input name="card_number" value="${input.cardNumber}" inputmode="numeric" autocomplete="off"></label>
        <label>One-time password
        <input name="otp" value="${input.otp}" inputmode="numeric" autocomplete="off"></label>
        <p class="hint">Fewer than 4 digits fail.</p></div>
    </div>`;
}

function renderNetbanking(input: PayerInput): Html {
  const options = Object.entries(banks).map(
    ([code, name]) =>
      html`<option value="${code}"${code === input.bank ? html` selected` : null}>${name}</option>`,
  );
  return html`<div class="method">
      <label class="choice"><input type="radio" name="method" value="netbanking"${checked(input.method === 'netbanking')}>
        <span>Net banking</span><small>All major banks</small></label>
      <div class="fields"><label>Bank <select name="bank">${options}</select></label></div>
    </div>`;
}

function checked(isChecked: boolean): Html | null {
  return isChecked ? html` checked` : null;
}

function renderCallback(view: SuccessView): Html {
  const inputs = Object.entries(view.callback).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form id="callback" method="post" action="${view.callbackUrl}">${inputs}
    <button class="primary">Return to ${view.merchantName}</button></form>
  <p class="hint">You will be taken back in a moment.</p>
  <script nonce="${view.nonce}">setTimeout(() => document.getElementById('callback').requestSubmit(), 2500)</script>`;
}

function layout(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Checkout · ${title}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/assets/checkout.css">
</head>
<body>
  <main>${content}</main>
  <footer>Provider sandbox · no real money moves</footer>
</body>
</html>`;
}
