import { type Html, html } from '@suvidha/html';
import {
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
import type { Order, Transaction } from './account.ts';
import { examplePayer, type PayerInput } from './payer.ts';

export interface CheckoutView {
  merchantName: string;
  mid: string;
  order: Order;
}

/** An attempt that is over, and what goes back to the merchant with the payer. */
export interface ResultView extends CheckoutView {
  transaction: Transaction;
  callback: Record<string, string>;
  nonce: string;
}

/** The form where a payer chooses how to pay; after a failed attempt with the reason and what was entered. */
export function renderPaymentPage(
  view: CheckoutView,
  attempt?: { transaction: Transaction; input: PayerInput; callback: Record<string, string> },
): Html {
  const input = attempt?.input ?? examplePayer;
  const { order, mid } = view;
  const failure = attempt?.transaction.failure?.message;
  const query = new URLSearchParams({ mid, orderId: order.id });
  return renderLayout(
    'paytm',
    view.merchantName,
    html`${renderHeader(view)}
<form class="body" method="post" action="/paytm/theia/api/v1/processTransaction?${query.toString()}">
  ${failure === undefined ? null : renderFailure(failure)}
  ${renderHidden({ txnToken: order.token })}
  ${renderMethods([toWallet(input), toUpi(input), toCard(input), toNetbanking(input)])}
  ${renderButtons(formatAmount(order.amountMinor, 'INR'))}
</form>
${attempt === undefined ? null : renderGiveUp(view, attempt.callback)}`,
  );
}

/** The result of an attempt; goes back to the merchant by itself. */
export function renderResultPage(view: ResultView): Html {
  const { transaction, merchantName, nonce, order } = view;
  const isPaid = transaction.status === 'TXN_SUCCESS';
  const back =
    order.callbackUrl === null
      ? html`<p class="hint">You can close this page.</p>`
      : renderPostBack({ action: order.callbackUrl, fields: view.callback, merchantName, nonce });
  const content = html`<dl>
    <dt>${isPaid ? 'Paid' : 'Amount'}</dt><dd>${formatAmount(transaction.amountMinor, 'INR')}</dd>
    <dt>Transaction id</dt><dd><code>${transaction.id}</code></dd>
  </dl>
  ${back}`;
  const title = isPaid ? 'Payment successful' : 'Payment pending';
  return renderLayout(
    'paytm',
    merchantName,
    html`${renderHeader(view)}
${renderResult({ mark: isPaid ? 'ok' : 'bad', title, content })}`,
  );
}

/** A page for a link that leads nowhere. */
export function renderPaytmProblem(problem: { title: string; text: string }): Html {
  return renderProblemPage('paytm', problem);
}

function renderHeader({ order, merchantName }: CheckoutView): Html {
  const amount = formatAmount(order.amountMinor, 'INR');
  return renderHead({ merchantName, amount, lines: [order.id] });
}

/** A payer who does not try again goes back with the failure. */
function renderGiveUp({ order, merchantName }: CheckoutView, callback: Record<string, string>): Html | null {
  if (order.callbackUrl === null) return null;
  return html`<form class="body" method="post" action="${order.callbackUrl}">${renderHidden(callback)}
  <button class="quiet">Return to ${merchantName}</button></form>`;
}

function toWallet({ method }: PayerInput) {
  const fields = html`<p class="hint">Paid from a balance that never runs out.</p>`;
  return { value: 'PPI', label: 'Paytm balance', hint: 'Wallet', isChecked: method === 'PPI', fields };
}

function toUpi({ method, vpa }: PayerInput) {
  const fields = html`<label>UPI id
        <input name="vpa" value="${vpa}" autocomplete="off" autocapitalize="none" spellcheck="false"></label>
        <p class="hint"><code>failure@paytm</code> is declined.</p>`;
  return { value: 'UPI', label: 'UPI', hint: 'Any UPI app', isChecked: method === 'UPI', fields };
}

function toCard({ method, cardNumber, otp }: PayerInput) {
  const fields = html`<div class="pair"><label>Card number
        <input name="card_number" value="${cardNumber}" inputmode="numeric" autocomplete="off"></label>
        <label>One-time password
        <input name="otp" value="${otp}" inputmode="numeric" autocomplete="off"></label></div>
        <p class="hint">Fewer than 4 digits fail.</p>`;
  return { value: 'DC', label: 'Debit card', hint: 'Visa, RuPay', isChecked: method === 'DC', fields };
}

function toNetbanking({ method }: PayerInput) {
  const fields = html`<p class="hint">State Bank of India.</p>`;
  return { value: 'NB', label: 'Net banking', hint: 'All major banks', isChecked: method === 'NB', fields };
}
