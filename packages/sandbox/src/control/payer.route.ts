import type { FastifyInstance } from 'fastify';
import {
  isCodeLive,
  type PaymentMode,
  type Order as PaytmOrder,
  type Transaction,
} from '../paytm/account.ts';
import type { Paytm } from '../paytm/paytm.ts';
import type { Payment, Order as RazorpayOrder } from '../razorpay/account.ts';
import { toPaymentEntity } from '../razorpay/entity.ts';
import { examplePayer, toInstrument } from '../razorpay/instrument.ts';
import type { Razorpay } from '../razorpay/razorpay.ts';
import { ControlError } from './control.error.ts';
import { bankAnswerBody, parseControl, payBody, scanBody } from './control.schema.ts';

export interface PayerParts {
  razorpay: Razorpay;
  paytm: Paytm;
}

const paytmModes = { upi: 'UPI', card: 'DC', netbanking: 'NB' } as const satisfies Record<
  string,
  PaymentMode
>;

/** Plays the payer (`POST /pay`, `POST /scan`) and the payer's bank (`POST /bank-answer`). */
export function registerPayer(app: FastifyInstance, parts: PayerParts): void {
  const { razorpay, paytm } = parts;

  app.post('/pay', async (request) => {
    const { checkoutUrl, outcome, method, amountMinor } = parseControl(payBody, request.body);
    const open = getOpenOrder(parts, checkoutUrl);
    if ('paytm' in open) {
      const mode = paytmModes[method];
      return toPaytmAnswer(paytm, paytm.bank.attempt({ order: open.paytm, mode, outcome, amountMinor }));
    }
    const instrument = toInstrument({ ...examplePayer, method });
    return toAnswer(
      razorpay,
      razorpay.bank.attempt({ order: open.razorpay, instrument, outcome, amount: amountMinor }),
    );
  });

  app.post('/scan', async (request) => {
    const { codeId, outcome, amountMinor } = parseControl(scanBody, request.body);
    const code = razorpay.account.qrCodes.get(codeId);
    if (code !== undefined) {
      if (razorpay.qrCodes.refresh(code).status === 'closed') throw conflict('codeId', 'code-open');
      const instrument = toInstrument(examplePayer);
      return toAnswer(razorpay, razorpay.qrCodes.scan({ code, instrument, outcome, amount: amountMinor }));
    }
    const order = paytm.account.orders.get(codeId);
    if (order?.upiUri == null) throw notFound('codeId', 'exists');
    if (isPaid(paytm, order) || !isCodeLive(order)) throw conflict('codeId', 'code-open');
    return toPaytmAnswer(paytm, paytm.bank.attempt({ order, mode: 'UPI', outcome, amountMinor }));
  });

  app.post('/bank-answer', async (request) => {
    const { paymentId, outcome } = parseControl(bankAnswerBody, request.body);
    const transaction = paytm.account.transactions.get(paymentId);
    if (transaction !== undefined) {
      if (transaction.status === 'TXN_SUCCESS') throw conflict('paymentId', 'unanswered');
      paytm.bank.answer(transaction, outcome);
      return toPaytmAnswer(paytm, transaction);
    }
    const payment = razorpay.account.payments.get(paymentId);
    if (payment === undefined) throw notFound('paymentId', 'exists');
    if (payment.status !== 'created' && payment.status !== 'failed')
      throw conflict('paymentId', 'unanswered');
    razorpay.bank.answer(payment, outcome);
    razorpay.qrCodes.creditLate(payment);
    return toAnswer(razorpay, payment);
  });
}

type OpenOrder = { razorpay: RazorpayOrder } | { paytm: PaytmOrder };

/**
 * The order that an address leads to: whoever's page it is, the order's id is a part of its path or of its query.
 *
 * @throws ControlError when no order is named, or it has its money
 */
function getOpenOrder({ razorpay, paytm }: PayerParts, checkoutUrl: string): OpenOrder {
  const { pathname, searchParams } = new URL(checkoutUrl, 'http://checkout');
  const names = [...pathname.split('/'), ...searchParams.values()];
  const ours = names.map((name) => razorpay.account.orders.get(name)).find((order) => order !== undefined);
  if (ours?.status === 'paid') throw conflict('checkoutUrl', 'order-unpaid');
  if (ours !== undefined) return { razorpay: ours };
  const order = names.map((name) => paytm.account.orders.get(name)).find((found) => found !== undefined);
  if (order === undefined) throw notFound('checkoutUrl', 'order-exists');
  if (isPaid(paytm, order)) throw conflict('checkoutUrl', 'order-unpaid');
  return { paytm: order };
}

function isPaid(paytm: Paytm, { id }: PaytmOrder): boolean {
  return paytm.account.transactionOf(id)?.status === 'TXN_SUCCESS';
}

function notFound(field: string, rule: string): ControlError {
  return new ControlError({ status: 404, code: 'NOT_FOUND', field, rule });
}

function conflict(field: string, rule: string): ControlError {
  return new ControlError({ status: 409, code: 'CONFLICT', field, rule });
}

/** The signature only for a payment that a checkout page would send back to the merchant. */
function toAnswer(razorpay: Razorpay, payment: Payment): Record<string, unknown> {
  const answer = { paymentId: payment.id, orderId: payment.orderId, status: toPaymentEntity(payment).status };
  const isSuccess = payment.status === 'authorized' || payment.status === 'captured';
  if (!isSuccess || payment.orderId === null) return answer;
  const callback = razorpay.toSignedCallback(payment);
  return { ...answer, signature: callback.razorpay_signature, callback };
}

function toPaytmAnswer(paytm: Paytm, transaction: Transaction): Record<string, unknown> {
  const { id, orderId, status } = transaction;
  return { paymentId: id, orderId, status, callback: paytm.toSignedCallback(transaction) };
}
