// Opens the vendor's checkout over this page, hands its result to our server, and takes the payer back.
const section = document.getElementById('checkout');
const { options, returnUrl } = JSON.parse(section.dataset.state);
const openButton = document.getElementById('open');

function show(title, text, canOpen) {
  document.getElementById('title').textContent = title;
  document.getElementById('text').textContent = text;
  openButton.hidden = !canOpen;
}

/** The signature proves the payment. When it cannot be handed over, webhooks and the janitor find out without it. */
async function confirmPayment(result) {
  show('Payment received', 'We are confirming it with the bank.', false);
  document.getElementById('back').textContent = 'Continue';
  try {
    await fetch(`${location.pathname}/result`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(result),
      signal: AbortSignal.timeout(15_000),
    });
  } finally {
    location.assign(returnUrl);
  }
}

function openCheckout() {
  if (typeof window.Razorpay !== 'function') {
    show('The payment window could not be loaded', 'Check your connection and load this page again.', false);
    return;
  }
  show('Opening the payment window…', 'Your bank or app may ask you to approve the payment.', false);
  const checkout = new window.Razorpay({
    ...options,
    handler: confirmPayment,
    modal: {
      ondismiss: () => show('Not paid yet', 'You closed the payment window. Nothing was taken.', true),
    },
  });
  checkout.on('payment.failed', () =>
    show('The payment did not work', 'Try again, or use another way to pay.', true),
  );
  checkout.open();
}

openButton.addEventListener('click', openCheckout);
openCheckout();
