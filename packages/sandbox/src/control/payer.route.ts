import type { FastifyInstance } from 'fastify';
import type { Order, Payment } from '../razorpay/account.ts';
import { toCallbackFields } from '../razorpay/checkout.route.ts';
import { toPaymentEntity } from '../razorpay/entity.ts';
import { examplePayer, toInstrument } from '../razorpay/instrument.ts';
import type { Razorpay } from '../razorpay/razorpay.ts';
import { ControlError } from './control.error.ts';
import { bankAnswerBody, parseControl, payBody } from './control.schema.ts';

/** Plays the payer (`POST /pay`) and the payer's bank (`POST /bank-answer`). */
export function registerPayer(app: FastifyInstance, razorpay: Razorpay): void {
  app.post('/pay', async (request) => {
    const body = parseControl(payBody, request.body);
    const payment = razorpay.bank.attempt({
      order: getOpenOrder(razorpay, body.checkoutUrl),
      instrument: toInstrument({ ...examplePayer, method: body.method }),
      outcome: body.outcome,
      amount: body.amountMinor,
    });
    return toAnswer(payment, razorpay.keySecret);
  });

  app.post('/bank-answer', async (request) => {
    const body = parseControl(bankAnswerBody, request.body);
    const payment = razorpay.account.payments.get(body.paymentId);
    if (payment === undefined)
      throw new ControlError({ status: 404, code: 'NOT_FOUND', field: 'paymentId', rule: 'exists' });
    if (payment.status !== 'created' && payment.status !== 'failed')
      throw new ControlError({ status: 409, code: 'CONFLICT', field: 'paymentId', rule: 'unanswered' });
    razorpay.bank.answer(payment, body.outcome);
    return toAnswer(payment, razorpay.keySecret);
  });
}

function getOpenOrder(razorpay: Razorpay, checkoutUrl: string): Order {
  const id = /\/razorpay\/checkout\/([^/?#]+)/.exec(checkoutUrl)?.[1] ?? '';
  const order = razorpay.account.orders.get(id);
  if (order === undefined)
    throw new ControlError({ status: 404, code: 'NOT_FOUND', field: 'checkoutUrl', rule: 'order-exists' });
  if (order.status === 'paid')
    throw new ControlError({ status: 409, code: 'CONFLICT', field: 'checkoutUrl', rule: 'order-unpaid' });
  return order;
}

/** The signature only for a payment that a checkout page would send back to the merchant. */
function toAnswer(payment: Payment, keySecret: string): Record<string, unknown> {
  const answer = { paymentId: payment.id, orderId: payment.orderId, status: toPaymentEntity(payment).status };
  const isSuccess = payment.status === 'authorized' || payment.status === 'captured';
  if (!isSuccess) return answer;
  return { ...answer, signature: toCallbackFields(payment, keySecret).razorpay_signature };
}
