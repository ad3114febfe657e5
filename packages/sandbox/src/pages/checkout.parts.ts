import { type Html, html, renderPage } from '@suvidha/html';

/** What stands at the top of every checkout page. */
export interface CheckoutHead {
  merchantName: string;
  amount: string;
  /** References of the merchant and the vendor; empty ones are left out. */
  lines: (string | null)[];
}

/** One way to pay, with the fields that show when it is chosen. */
export interface Method {
  value: string;
  label: string;
  hint: string;
  isChecked: boolean;
  fields: Html;
}

/** Fields that go back to the merchant's page with the payer, by form POST. */
export interface PostBack {
  action: string;
  fields: Record<string, string>;
  merchantName: string;
  /** Allows the page's one script, which sends the payer back. */
  nonce: string;
}

/** An amount in minor units as people in India read it: `₹1,23,456.00`. */
export function formatAmount(amountMinor: number, currency: string): string {
  return new Intl.NumberFormat('en-IN', { style: 'currency', currency }).format(amountMinor / 100);
}

export function renderHead({ merchantName, amount, lines }: CheckoutHead): Html {
  return html`<header>
  <div class="badge" aria-hidden="true">${merchantName.charAt(0).toUpperCase()}</div>
  <div class="merchant"><strong>${merchantName}</strong>${lines.map((line) => html`<span>${line}</span>`)}</div>
  <div class="amount">${amount}</div>
</header>`;
}

export function renderFailure(description: string): Html {
  return html`<p class="failure" role="alert"><strong>Payment failed.</strong> ${description}</p>`;
}

export function renderMethods(methods: Method[]): Html {
  return html`<fieldset>
    <legend>Pay with</legend>
    ${methods.map(renderMethod)}
  </fieldset>`;
}

function renderMethod({ value, label, hint, isChecked, fields }: Method): Html {
  return html`<div class="method">
      <label class="choice"><input type="radio" name="method" value="${value}"${isChecked ? html` checked` : null}>
        <span>${label}</span><small>${hint}</small></label>
      <div class="fields">${fields}</div>
    </div>`;
}

export function renderHidden(fields: Record<string, string | null>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
}

/** The buttons that end a payer's form. */
export function renderButtons(amount: string): Html {
  return html`<button class="primary" name="action" value="pay">Pay ${amount}</button>
  <button class="quiet" name="action" value="decline">Decline</button>`;
}

/** Takes the payer back to the merchant in a moment, or at a click. */
export function renderPostBack({ action, fields, merchantName, nonce }: PostBack): Html {
  return html`<form id="callback" method="post" action="${action}">${renderHidden(fields)}
    <button class="primary">Return to ${merchantName}</button></form>
  <p class="hint">You will be taken back in a moment.</p>
  <script nonce="${nonce}">setTimeout(() => document.getElementById('callback').requestSubmit(), 2500)</script>`;
}

/** A result in the middle of the page. */
export function renderResult(result: { mark: 'ok' | 'bad'; title: string; content: Html }): Html {
  return html`<div class="body result">
  <div class="mark ${result.mark}" aria-hidden="true">${result.mark === 'ok' ? '✓' : '!'}</div>
  <h1>${result.title}</h1>
  ${result.content}
</div>`;
}

/** A page for a link that leads nowhere. */
export function renderProblemPage(brand: Brand, problem: { title: string; text: string }): Html {
  const content = html`<p>${problem.text}</p>`;
  return renderLayout(brand, problem.title, renderResult({ mark: 'bad', title: problem.title, content }));
}

/** Whose checkout it looks like. */
export type Brand = 'razorpay' | 'razorpay framed' | 'paytm';

export function renderLayout(brand: Brand, title: string, content: Html): Html {
  return renderPage({
    title: `Checkout · ${title}`,
    stylesheet: '/assets/checkout.css',
    className: brand,
    content: html`<main>${content}</main>
<footer>${brand === 'paytm' ? 'Paytm' : 'Razorpay'} in the provider sandbox · no real money moves</footer>`,
  });
}
