import { type Html, html, renderPage } from '@suvidha/html';
import type { BrowserCheckout } from '../providers/payment-gateway.ts';

/** What stands on every page about a payment. */
export interface CheckoutView {
  readonly merchantName: string;
  /** What is paid for: `Bill WA-202610-3`. */
  readonly subject: string;
  /** As people read it: `₹499.00`. */
  readonly amount: string;
  /** The payment's id, which support asks for. */
  readonly reference: string;
  readonly returnUrl: string;
}

/** Where the payer pays: with the vendor's script on top of this page, or by going to the vendor's page. */
export function renderCheckoutPage(view: CheckoutView, checkout: BrowserCheckout): Html {
  return checkout.kind === 'SCRIPT' ? renderScriptPage(view, checkout) : renderFormPage(view, checkout);
}

/** There is nothing to pay any more. */
export function renderClosedPage(view: CheckoutView, state: 'PAID' | 'OVER'): Html {
  const [mark, title, text] =
    state === 'PAID'
      ? ['✓', 'Paid', 'This payment is complete. You do not need to pay again.']
      : [
          '!',
          'This payment is not open',
          'Its time is over, or another one took its place. Start a new one.',
        ];
  return layout(
    title,
    html`${renderHead(view)}
<section><p class="mark" aria-hidden="true">${mark}</p><h1>${title}</h1><p>${text}</p>
<a class="button" href="${view.returnUrl}">Return to ${view.merchantName}</a></section>`,
  );
}

/** Something went wrong before anybody could pay. */
export function renderProblemPage({ title, text }: { title: string; text: string }): Html {
  return layout(
    title,
    html`<section><p class="mark" aria-hidden="true">!</p><h1>${title}</h1><p>${text}</p></section>`,
  );
}

function renderScriptPage(view: CheckoutView, checkout: BrowserCheckout & { kind: 'SCRIPT' }): Html {
  const state = JSON.stringify({ options: checkout.options, returnUrl: view.returnUrl });
  return layout(
    'Payment',
    html`${renderHead(view)}
<section id="checkout" data-state="${state}">
<h1 id="title" role="status">Opening the payment window…</h1>
<p id="text">Your bank or app may ask you to approve the payment.</p>
<button class="button" id="open" type="button" hidden>Open the payment window</button>
<a class="quiet" id="back" href="${view.returnUrl}">Cancel and return to ${view.merchantName}</a>
<noscript><p>This page needs JavaScript.</p></noscript>
</section>
<script src="${checkout.scriptUrl}" defer></script>
<script src="assets/checkout.js" defer></script>`,
  );
}

function renderFormPage(view: CheckoutView, { action, fields }: BrowserCheckout & { kind: 'FORM' }): Html {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return layout(
    'Payment',
    html`${renderHead(view)}
<section>
<h1 role="status">Taking you to Paytm…</h1>
<p>You come back here when you have paid.</p>
<form id="vendor" method="post" action="${action}">${inputs}<button class="button">Continue to Paytm</button></form>
<a class="quiet" href="${view.returnUrl}">Cancel and return to ${view.merchantName}</a>
</section>
<script src="assets/leave.js" defer></script>`,
  );
}

function renderHead({ merchantName, subject, amount, reference }: CheckoutView): Html {
  return html`<header><p class="merchant">${merchantName}</p><p class="amount">${amount}</p>
<p class="subject">${subject}</p><p class="reference">Payment ${reference}</p></header>`;
}

function layout(title: string, content: Html): Html {
  return renderPage({ title, stylesheet: 'assets/checkout.css', content: html`<main>${content}</main>` });
}
