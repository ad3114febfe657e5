const POLL_MS = 1000;
const STATE_LIMIT = 50;
const INBOX_LIMIT = 50;
const ONE_TIME_PASSWORD = /(?<![\w+-])\d{6}(?![\w-])/;

/** What each list showed last, so that a list is touched only when something changed. */
const shown = new Map();

const byId = (id) => document.getElementById(id);

/** An element with its children; strings become text, never markup. */
function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null));
  return node;
}

function formatAmount(amountMinor, currency) {
  return new Intl.NumberFormat('en-IN', { style: 'currency', currency }).format(amountMinor / 100);
}

function formatTime(time) {
  return new Date(time).toLocaleTimeString();
}

function renderMessage(message) {
  const code = ONE_TIME_PASSWORD.exec(message.text)?.[0] ?? null;
  const head = element(
    'div',
    'line',
    element('span', `tag ${message.channel.toLowerCase()}`, message.channel),
    element('strong', 'grow', message.to),
    element('time', '', formatTime(message.sentAt)),
  );
  return element(
    'li',
    '',
    head,
    message.subject ? element('div', 'subject', message.subject) : null,
    code === null ? null : renderCode(code),
    element('div', 'text', message.text),
  );
}

function renderCode(code) {
  const button = element('button', 'code', code);
  button.title = 'Copy';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code);
    button.dataset.copied = 'true';
  });
  return button;
}

function renderOrder(order) {
  const checkoutUrl = `/razorpay/checkout/${order.id}`;
  const open = element('a', 'button', 'Checkout');
  open.href = checkoutUrl;
  open.target = '_blank';
  open.rel = 'noopener';
  return element(
    'li',
    '',
    element(
      'div',
      'line',
      element('strong', 'grow', formatAmount(order.amount_due, order.currency)),
      element('span', `tag ${order.status}`, order.status),
    ),
    element('div', 'detail', `${order.receipt ?? 'no receipt'} · ${order.id}`),
    element(
      'div',
      'actions',
      open,
      renderPay('Pay', { checkoutUrl, outcome: 'success' }),
      renderPay('Decline', { checkoutUrl, outcome: 'decline' }),
    ),
  );
}

function renderPay(label, body) {
  const button = element('button', 'button', label);
  button.addEventListener('click', async () => {
    button.disabled = true;
    await fetch('/control/pay', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await refresh();
  });
  return button;
}

function renderPayment(payment) {
  const why = payment.error_reason === null ? '' : ` · ${payment.error_reason}`;
  return element(
    'li',
    '',
    element(
      'div',
      'line',
      element('strong', 'grow', formatAmount(payment.amount, payment.currency)),
      element('span', `tag ${payment.status}`, payment.status),
      element('time', '', formatTime(payment.created_at * 1000)),
    ),
    element('div', 'detail', `${payment.method}${why} · ${payment.id}`),
  );
}

function renderWebhook(delivery) {
  const attempts = `${delivery.attempts} ${delivery.attempts === 1 ? 'attempt' : 'attempts'}`;
  const answer = delivery.lastStatus === null ? 'no answer' : `HTTP ${delivery.lastStatus}`;
  return element(
    'li',
    '',
    element(
      'div',
      'line',
      element('strong', 'grow', delivery.event),
      element('span', `tag ${delivery.state}`, delivery.state),
      element('time', '', formatTime(delivery.createdAt)),
    ),
    element('div', 'detail', delivery.attempts === 0 ? 'not sent' : `${attempts} · ${answer}`),
  );
}

function show(id, items, render) {
  const content = JSON.stringify(items);
  if (shown.get(id) === content) return;
  shown.set(id, content);
  byId(id).replaceChildren(...items.map(render));
}

function showState({ razorpay }) {
  const open = razorpay.orders.filter((order) => order.status !== 'paid');
  show('orders', open, renderOrder);
  show('payments', razorpay.payments, renderPayment);
  show('webhooks', razorpay.webhooks, renderWebhook);
  const target =
    razorpay.webhookUrl === null ? 'Sent nowhere: no address is set.' : `Sent to ${razorpay.webhookUrl}`;
  if (byId('webhook-url').textContent !== target) byId('webhook-url').textContent = target;
}

function showStatus(text, isLive) {
  const status = byId('status');
  if (status.textContent !== text) status.textContent = text;
  status.classList.toggle('live', isLive);
}

async function getJson(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

async function refresh() {
  try {
    const [messages, state] = await Promise.all([
      getJson('/inbox'),
      getJson(`/control/state?limit=${STATE_LIMIT}`),
    ]);
    show('inbox', messages.slice(0, INBOX_LIMIT), renderMessage);
    showState(state);
    showStatus('Live', true);
  } catch {
    showStatus('Not reachable, trying again…', false);
  }
}

async function poll() {
  if (!document.hidden) await refresh();
  setTimeout(poll, POLL_MS);
}

poll();
