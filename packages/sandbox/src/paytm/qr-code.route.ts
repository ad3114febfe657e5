import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { createDigits, type Order, parseAmountText, toAmountText } from './account.ts';
import { openEnvelope, toEnvelope } from './envelope.ts';
import { orderId } from './order.route.ts';
import type { Paytm } from './paytm.ts';
import { PaytmRefusal, results } from './result.ts';
import { parseIndianTime } from './time.ts';

const createBody = z.object({
  mid: z.string(),
  orderId,
  amount: z.string(),
  businessType: z.literal('UPI_QR_CODE'),
  posId: z.string().min(1).max(50),
  expiryDate: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    .optional(),
});

/** Dynamic UPI QR codes for counters (https://www.paytmpayments.com/docs/dynamic-qr-code). */
export function registerQrCodes(app: FastifyInstance, paytm: Paytm): void {
  app.post('/paymentservices/qr/create', { config: { call: 'paytm.create-qr-code' } }, async (request) => {
    const { data } = createBody.safeParse(openEnvelope(request.body, paytm.merchantKey));
    const amountMinor = parseAmountText(data?.amount);
    if (data?.mid !== paytm.mid || amountMinor === null) throw new PaytmRefusal(results.parametersInvalid);
    if (paytm.account.orders.has(data.orderId)) throw new PaytmRefusal(results.qrDuplicate);
    const expiresAt = data.expiryDate === undefined ? null : parseIndianTime(data.expiryDate);
    if (expiresAt !== null && expiresAt <= new Date()) throw new PaytmRefusal(results.qrExpiryPast);
    const order = { ...toOrder(data.orderId, amountMinor, paytm.merchantName), expiresAt };
    paytm.account.orders.set(order.id, order);
    const answer = { resultInfo: results.qrCreated, qrCodeId: createDigits(24), qrData: order.upiUri };
    return toEnvelope(answer, paytm.merchantKey);
  });
}

function toOrder(id: string, amountMinor: number, merchantName: string): Omit<Order, 'expiresAt'> {
  const query = new URLSearchParams({
    pa: 'paytmqr-sandbox@paytm',
    pn: merchantName,
    am: toAmountText(amountMinor),
    cu: 'INR',
    tr: id,
    mode: '02',
  });
  return {
    id,
    amountMinor,
    customerId: 'counter',
    callbackUrl: null,
    token: null,
    upiUri: `upi://pay?${query}`,
    createdAt: new Date(),
  };
}
