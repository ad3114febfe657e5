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
    element('div', 'text', ...message.text.split(address).map(toTextOrLink)),
  );
}

/** Texts that are split by it have the addresses at odd places. */
const address = /(https?:\/\/\S+)/;

function toTextOrLink(part, index) {
  if (index % 2 === 0) return part;
  const link = element('a', '', part);
  link.href = part;
  link.target = '_blank';
  link.rel = 'noreferrer';
  return link;
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

/** Open orders of both payment vendors, and open QR codes, in one shape; newest first. */
function toOpenOrders({ razorpay, paytm }) {
  const orders = razorpay.orders
    .filter((order) => order.status !== 'paid')
    .map((order) => ({ ...order, vendor: 'Razorpay', at: order.created_at * 1000 }));
  const codes = razorpay.qrCodes
    .filter((code) => code.status === 'active')
    .map((code) => ({
      ...toCode(code.id, code.payment_amount ?? 0),
      vendor: 'Razorpay',
      at: code.created_at * 1000,
    }));
  const others = paytm.orders
    .filter((order) => order.status !== 'TXN_SUCCESS' && !isOver(order))
    .map((order) => ({
      ...(order.kind === 'qr' ? toCode(order.id, order.amount) : order),
      amount_due: order.amount,
      vendor: 'Paytm',
      at: Date.parse(order.created_at),
    }));
  return [...orders, ...codes, ...others].sort((a, b) => b.at - a.at);
}

/** A QR code that nobody can scan any more. */
function isOver({ expires_at: expiresAt }) {
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now();
}

function toCode(id, amount) {
  return { id, codeId: id, amount_due: amount, currency: 'INR', status: 'QR code' };
}

function renderOrder(order) {
  const controls = order.codeId
    ? [
        renderDo('Scan and pay', '/control/scan', { codeId: order.codeId, outcome: 'success' }),
        renderDo('Decline', '/control/scan', { codeId: order.codeId, outcome: 'decline' }),
      ]
    : [
        order.vendor === 'Paytm' ? renderPaytmPage(order) : renderRazorpayPage(order),
        renderDo('Pay', '/control/pay', { checkoutUrl: `/checkout/${order.id}`, outcome: 'success' }),
        renderDo('Decline', '/control/pay', { checkoutUrl: `/checkout/${order.id}`, outcome: 'decline' }),
      ];
  return element(
    'li',
    '',
    element(
      'div',
      'line',
      element('strong', 'grow', formatAmount(order.amount_due, order.currency)),
      element('span', `tag ${order.vendor.toLowerCase()}`, order.vendor),
      renderStatus(order.status),
    ),
    element('div', 'detail', order.receipt ? `${order.receipt} · ${order.id}` : order.id),
    element('div', 'actions', ...controls),
  );
}

function renderRazorpayPage(order) {
  const open = element('a', 'button', 'Checkout');
  open.href = `/razorpay/checkout/${order.id}`;
  open.target = '_blank';
  open.rel = 'noopener';
  return open;
}

/** Paytm's page takes its token by form POST only. */
function renderPaytmPage(order) {
  const form = element('form', '', element('button', 'button', 'Checkout'));
  form.method = 'post';
  form.target = '_blank';
  form.action = order.checkout.action;
  for (const [name, value] of Object.entries(order.checkout.fields)) {
    const input = element('input', '');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  return form;
}

function renderDo(label, path, body) {
  const button = element('button', 'button', label);
  button.addEventListener('click', async () => {
    button.disabled = true;
    await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await refresh();
  });
  return button;
}

/** Payments of both vendors in one shape; newest first. */
function toPayments({ razorpay, paytm }) {
  const ours = razorpay.payments.map((payment) => ({
    ...payment,
    vendor: 'Razorpay',
    why: payment.error_reason,
    at: payment.created_at * 1000,
  }));
  const others = paytm.payments.map((payment) => ({
    ...payment,
    vendor: 'Paytm',
    method: payment.mode,
    why: payment.failure,
    at: Date.parse(payment.created_at),
  }));
  return [...ours, ...others].sort((a, b) => b.at - a.at);
}

/** Paytm's words in those of this page. */
const STATUSES = { TXN_SUCCESS: 'captured', TXN_FAILURE: 'failed', PENDING: 'pending', CREATED: 'created' };

function renderStatus(status) {
  const word = STATUSES[status] ?? status;
  return element('span', `tag ${word.replace(' code', '')}`, word);
}

/** A bank may answer late, also with a yes after a no. */
function renderBankAnswers({ id, status }) {
  const isFailed = status === 'failed' || status === 'TXN_FAILURE';
  if (!isFailed && status !== 'created' && status !== 'PENDING') return null;
  const answer = (label, outcome) => renderDo(label, '/control/bank-answer', { paymentId: id, outcome });
  const no = isFailed ? null : answer('Bank declines', 'decline');
  return element('div', 'actions', answer('Bank says yes', 'success'), no);
}

function renderPayment(payment) {
  const why = payment.why === null ? '' : ` · ${payment.why}`;
  return element(
    'li',
    '',
    element(
      'div',
      'line',
      element('strong', 'grow', formatAmount(payment.amount, payment.currency)),
      element('span', `tag ${payment.vendor.toLowerCase()}`, payment.vendor),
      renderStatus(payment.status),
      element('time', '', formatTime(payment.at)),
    ),
    element('div', 'detail', `${payment.method}${why} · ${payment.id}`),
    renderBankAnswers(payment),
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
      element('span', `tag ${delivery.vendor.toLowerCase()}`, delivery.vendor),
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

function toWebhooks({ razorpay, paytm }) {
  const of = (vendor, { webhooks }) => webhooks.map((delivery) => ({ ...delivery, vendor }));
  return [...of('Razorpay', razorpay), ...of('Paytm', paytm)].sort((a, b) =>
    b.createdAt.localeCompare(a.createdAt),
  );
}

function showState(state) {
  show('orders', toOpenOrders(state), renderOrder);
  show('payments', toPayments(state), renderPayment);
  show('webhooks', toWebhooks(state), renderWebhook);
  const targets = [state.razorpay.webhookUrl, state.paytm.webhookUrl].filter((url) => url !== null);
  const text = targets.length === 0 ? 'Sent nowhere: no address is set.' : `Sent to ${targets.join(' and ')}`;
  if (byId('webhook-url').textContent !== text) byId('webhook-url').textContent = text;
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
