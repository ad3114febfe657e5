import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseAmountText, type Refund, toAmountText } from './account.ts';
import { toRefundDetails, toRefundInfo } from './entity.ts';
import { openEnvelope, toEnvelope } from './envelope.ts';
import { orderId } from './order.route.ts';
import type { Paytm } from './paytm.ts';
import { PaytmRefusal, results } from './result.ts';
import { toIndianTime } from './time.ts';

const applyBody = z.object({
  mid: z.string(),
  txnType: z.literal('REFUND'),
  orderId,
  txnId: z.string(),
  refId: z.string().min(1).max(50),
  refundAmount: z.string(),
});

const statusBody = z.object({ mid: z.string(), orderId, refId: z.string() });

/** Giving money back (https://www.paytmpayments.com/docs/api/refund-api). */
export function registerRefunds(app: FastifyInstance, paytm: Paytm): void {
  app.post('/refund/apply', { config: { call: 'paytm.apply-refund' } }, async (request) => {
    const { data } = applyBody.safeParse(openEnvelope(request.body, paytm.merchantKey));
    if (data?.mid !== paytm.mid) throw new PaytmRefusal(results.refundInvalid);
    const refund = paytm.refunds.apply({
      ...data,
      transactionId: data.txnId,
      amountMinor: parseAmountText(data.refundAmount),
    });
    return toEnvelope(toAccepted(refund, paytm), paytm.merchantKey);
  });

  app.post('/v2/refund/status', { config: { call: 'paytm.refund-status' } }, async (request) => {
    const { data } = statusBody.safeParse(openEnvelope(request.body, paytm.merchantKey));
    if (data?.mid !== paytm.mid) throw new PaytmRefusal(results.refundInvalid);
    const refund = paytm.account.refunds.get(data.refId);
    if (refund?.orderId !== data.orderId) throw new PaytmRefusal(results.refundUnknown);
    const details = toRefundDetails(refund, getTransaction(paytm, refund), paytm.mid);
    return toEnvelope({ resultInfo: toRefundInfo(refund), ...details }, paytm.merchantKey);
  });
}

/** A refund is taken first and done later: the answer is always that it is pending. */
function toAccepted(refund: Refund, paytm: Paytm): Record<string, unknown> {
  const transaction = getTransaction(paytm, refund);
  return {
    resultInfo: results.refundAccepted,
    txnTimestamp: toIndianTime(transaction.createdAt),
    orderId: refund.orderId,
    mid: paytm.mid,
    refId: refund.refId,
    refundId: refund.id,
    txnId: refund.transactionId,
    txnAmount: toAmountText(transaction.amountMinor),
    refundAmount: toAmountText(refund.amountMinor),
  };
}

function getTransaction({ account }: Paytm, refund: Refund) {
  const transaction = account.transactions.get(refund.transactionId);
  if (transaction === undefined) throw new Error('a refund always has its transaction');
  return transaction;
}
