import PaytmChecksum from 'paytmchecksum';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import {
  initiateBody,
  initiatePath,
  merchantKey,
  mid,
  pageUrlOf,
  paytmOf,
  resultOf,
} from './paytm.fixture.ts';
import { controlOf, type Json, Receiver, startSandbox, waitForState } from './sandbox.fixture.ts';

const sign = (text: string) => PaytmChecksum.generateSignature(text, merchantKey);

async function initiate(sandbox: Sandbox, orderId: string, more: object = {}) {
  return paytmOf(sandbox, sign)(initiatePath(orderId), initiateBody(orderId, more));
}

/** A new order, paid; answers Paytm's transaction id. */
async function createPaid(sandbox: Sandbox, orderId: string): Promise<string> {
  await initiate(sandbox, orderId);
  return (await pay(sandbox, orderId, 'success')).paymentId;
}

async function pay(sandbox: Sandbox, orderId: string, outcome: string, more: object = {}): Promise<Json> {
  const click = { checkoutUrl: `https://shop.example/checkout/${orderId}`, outcome, ...more };
  return (await controlOf(sandbox).post('/pay', click)).body;
}

function statusOf(sandbox: Sandbox, orderId: string) {
  return paytmOf(sandbox, sign)('/v3/order/status', { mid, orderId });
}

function refundBody(orderId: string, txnId: string, more: object = {}) {
  return { mid, txnType: 'REFUND', orderId, txnId, refId: 'REFUND_1', refundAmount: '99.00', ...more };
}

describe('initiateTransaction', () => {
  it('gives the same token for the same order, and refuses another amount', async () => {
    await using sandbox = await startSandbox();
    const first = await initiate(sandbox, 'ORDER_1');
    const again = await initiate(sandbox, 'ORDER_1');
    expect(resultOf(again)).toEqual(['S', '0002']);
    expect(again.body.body.txnToken).toBe(first.body.body.txnToken);
    const other = await initiate(sandbox, 'ORDER_1', { txnAmount: { value: '1.00', currency: 'INR' } });
    expect(resultOf(other)).toEqual(['F', '2023']);
  });

  it.each([
    ['another merchant', { mid: 'SOMEBODY' }, '2013'],
    ['another order', { orderId: 'ORDER_2' }, '2014'],
    ['no amount', { txnAmount: { value: '0.00', currency: 'INR' } }, '1001'],
    ['three decimal places', { txnAmount: { value: '1.000', currency: 'INR' } }, '1001'],
    ['another currency', { txnAmount: { value: '1.00', currency: 'USD' } }, '1001'],
    ['a bad way back', { callbackUrl: 'javascript:alert(1)' }, '1001'],
  ])('answers 200 and refuses %s', async (_name, more, code) => {
    await using sandbox = await startSandbox();
    const answer = await initiate(sandbox, 'ORDER_1', more);
    expect([answer.status, ...resultOf(answer)]).toEqual([200, 'F', code]);
  });

  it('refuses a wrong checksum', async () => {
    await using sandbox = await startSandbox();
    const forged = paytmOf(sandbox, async () => PaytmChecksum.generateSignature('{}', merchantKey));
    expect(resultOf(await forged(initiatePath('ORDER_1'), initiateBody('ORDER_1')))).toEqual(['F', '2005']);
  });
});

describe('order status', () => {
  it('follows the payment', async () => {
    await using sandbox = await startSandbox();
    expect(resultOf(await statusOf(sandbox, 'ORDER_1'))).toEqual(['TXN_FAILURE', '334']);
    await initiate(sandbox, 'ORDER_1');
    expect(resultOf(await statusOf(sandbox, 'ORDER_1'))).toEqual(['NO_RECORD_FOUND', '331']);
    const { paymentId } = await pay(sandbox, 'ORDER_1', 'pending');
    expect(resultOf(await statusOf(sandbox, 'ORDER_1'))).toEqual(['PENDING', '402']);
    await controlOf(sandbox).post('/bank-answer', { paymentId, outcome: 'decline' });
    expect(resultOf(await statusOf(sandbox, 'ORDER_1'))).toEqual(['TXN_FAILURE', '227']);
    await controlOf(sandbox).post('/bank-answer', { paymentId, outcome: 'success' });
    const late = await statusOf(sandbox, 'ORDER_1');
    expect(resultOf(late)).toEqual(['TXN_SUCCESS', '01']);
    expect(late.body.body).toMatchObject({ txnId: paymentId, txnAmount: '499.00', mid, txnType: 'SALE' });
  });

  it('shows another amount than the order when that is what came', async () => {
    await using sandbox = await startSandbox();
    await initiate(sandbox, 'ORDER_1');
    await pay(sandbox, 'ORDER_1', 'success', { amountMinor: 100 });
    expect((await statusOf(sandbox, 'ORDER_1')).body.body.txnAmount).toBe('1.00');
  });

  it.each([
    ['500', 500],
    ['rate-limited', 429],
  ])('breaks with %s as often as asked, whatever the call', async (fault, status) => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).post('/scenario', { party: 'paytm', call: 'any', fault, times: 2 });
    expect((await statusOf(sandbox, 'ORDER_1')).status).toBe(status);
    expect((await initiate(sandbox, 'ORDER_1')).status).toBe(status);
    expect((await initiate(sandbox, 'ORDER_1')).status).toBe(200);
  });
});

describe('refunds', () => {
  it('are accepted, done later, and told by webhook', async () => {
    await using receiver = await Receiver.start();
    await using sandbox = await startSandbox();
    const txnId = await createPaid(sandbox, 'ORDER_1');
    await controlOf(sandbox).post('/webhook', { party: 'paytm', url: receiver.url });
    const paytm = paytmOf(sandbox, sign);
    expect(resultOf(await paytm('/refund/apply', refundBody('ORDER_1', txnId)))).toEqual(['PENDING', '601']);
    await receiver.waitFor(2);
    expect(receiver.received.map(({ body }) => body.body.resultInfo.resultCode)).toEqual(['601', '10']);
    const status = await paytm('/v2/refund/status', { mid, orderId: 'ORDER_1', refId: 'REFUND_1' });
    expect(resultOf(status)).toEqual(['TXN_SUCCESS', '10']);
    expect(status.body.body).toMatchObject({ refundAmount: '99.00', totalRefundAmount: '99.00' });
  });

  it('may fail at the bank, and the money is there again', async () => {
    await using sandbox = await startSandbox();
    const txnId = await createPaid(sandbox, 'ORDER_1');
    await controlOf(sandbox).post('/scenario', { party: 'paytm', call: 'process-refund', fault: 'failed' });
    await paytmOf(sandbox, sign)('/refund/apply', refundBody('ORDER_1', txnId));
    const { paytm } = await waitForState(sandbox, (state) => state.paytm.refunds[0]?.status !== 'PENDING');
    expect(paytm.refunds[0].status).toBe('TXN_FAILURE');
    expect(paytm.payments[0].refunded).toBe(0);
  });

  it.each([
    ['more than was paid', { refundAmount: '499.01' }, '619'],
    ['nothing', { refundAmount: '0.00' }, '619'],
    ['another order', { orderId: 'ORDER_2' }, '607'],
    ['no reference', { refId: '' }, '600'],
  ])('refuse %s', async (_name, more, code) => {
    await using sandbox = await startSandbox();
    const txnId = await createPaid(sandbox, 'ORDER_1');
    const answer = await paytmOf(sandbox, sign)('/refund/apply', refundBody('ORDER_1', txnId, more));
    expect(resultOf(answer)).toEqual(['TXN_FAILURE', code]);
  });

  it('take a reference once', async () => {
    await using sandbox = await startSandbox();
    const txnId = await createPaid(sandbox, 'ORDER_1');
    const apply = () => paytmOf(sandbox, sign)('/refund/apply', refundBody('ORDER_1', txnId));
    await apply();
    expect(resultOf(await apply())).toEqual(['TXN_FAILURE', '617']);
  });
});

describe('the payment page', () => {
  const open = async (sandbox: Sandbox, token: string) => {
    const body = new URLSearchParams({ mid, orderId: 'ORDER_1', txnToken: token });
    const response = await fetch(pageUrlOf(sandbox, 'ORDER_1'), { method: 'POST', body });
    return { status: response.status, page: await response.text() };
  };

  it('opens with the token, and with no other', async () => {
    await using sandbox = await startSandbox();
    const { body } = await initiate(sandbox, 'ORDER_1');
    const { status, page } = await open(sandbox, body.body.txnToken);
    expect(status).toBe(200);
    for (const text of ['Paytm balance', '₹499.00', 'ORDER_1']) expect(page).toContain(text);
    expect((await open(sandbox, 'another')).status).toBe(400);
  });

  it('shows why a payment failed, and lets the payer try again or go back', async () => {
    await using sandbox = await startSandbox();
    const { body } = await initiate(sandbox, 'ORDER_1');
    const url = pageUrlOf(sandbox, 'ORDER_1').replace('showPaymentPage', 'processTransaction');
    const submit = async (fields: Record<string, string>) => {
      const form = new URLSearchParams({ txnToken: body.body.txnToken, ...fields });
      return (await fetch(url, { method: 'POST', body: form })).text();
    };
    const declined = await submit({ action: 'pay', method: 'UPI', vpa: 'failure@paytm' });
    expect(declined).toContain('Payment failed.');
    expect(declined).toContain('name="STATUS" value="TXN_FAILURE"');
    expect(await submit({ action: 'pay' })).toContain('Payment successful');
    expect(await submit({ action: 'pay' })).toContain('This payment is not open');
  });
});

it('makes QR codes for counters, which are paid by scanning', async () => {
  await using sandbox = await startSandbox();
  const paytm = paytmOf(sandbox, sign);
  const body = { mid, orderId: 'QR_1', amount: '20.00', businessType: 'UPI_QR_CODE', posId: 'COUNTER_1' };
  const answer = await paytm('/paymentservices/qr/create', body);
  expect(resultOf(answer)).toEqual(['SUCCESS', 'QR_0001']);
  expect(answer.body.body.qrData).toMatch(/^upi:\/\/pay\?.*am=20\.00.*tr=QR_1/);
  await controlOf(sandbox).post('/scan', { codeId: 'QR_1', outcome: 'success' });
  expect(resultOf(await statusOf(sandbox, 'QR_1'))).toEqual(['TXN_SUCCESS', '01']);
  expect((await controlOf(sandbox).post('/scan', { codeId: 'QR_1', outcome: 'success' })).status).toBe(409);
});

it('lists what was paid between two times, page by page', async () => {
  await using sandbox = await startSandbox();
  for (const orderId of ['ORDER_1', 'ORDER_2', 'ORDER_3']) await createPaid(sandbox, orderId);
  const list = async (
    pageNumber: number,
    toDate = '2999-01-01T00:00:00Z',
    fromDate = '2998-12-31T00:00:00Z',
  ) =>
    paytmOf(sandbox, sign)('/merchant-passbook/search/list/order/v2', {
      mid,
      fromDate,
      toDate,
      orderSearchType: 'TRANSACTION',
      orderSearchStatus: 'SUCCESS|PENDING',
      pageNumber,
      pageSize: 2,
    });
  const now = new Date();
  const from = new Date(now.getTime() - 60_000).toISOString();
  const to = new Date(now.getTime() + 60_000).toISOString();
  const ids = ({ body }: Json) => body.body.orders.map((order: Json) => order.merchantOrderId);
  expect(ids(await list(1, to, from))).toEqual(['ORDER_1', 'ORDER_2']);
  expect(ids(await list(2, to, from))).toEqual(['ORDER_3']);
  expect(ids(await list(1))).toEqual([]);
});
