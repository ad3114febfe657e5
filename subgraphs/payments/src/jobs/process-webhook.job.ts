import type { JobHandler } from '@suvidha/jobs';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { PaymentResolutionService } from '../payment/payment-resolution.service.ts';
import type { PaymentGatewayPort } from '../providers/payment-gateway.ts';

export const processWebhookTask = 'process-webhook';

const payload = z.object({ deliveryId: z.uuid() });

/**
 * Acts on a stored webhook. Its content is only a hint: the vendor is asked for the payment's state as it is now,
 * so the order in which webhooks come does not matter.
 */
export function createProcessWebhookHandler(
  db: Db,
  gateway: PaymentGatewayPort,
  resolution: PaymentResolutionService,
  now: () => Date,
): JobHandler {
  return async (raw) => {
    const { deliveryId } = payload.parse(raw);
    const delivery = await db.webhookDelivery.findUniqueOrThrow({ where: { id: deliveryId } });
    const hint = gateway.readWebhook(Buffer.from(delivery.body));
    if (hint) {
      const attempt = await gateway.getPayment(hint.vendorPaymentId);
      const payment = await resolution.findFor(attempt);
      if (payment) await resolution.apply(payment.id, attempt);
    }
    await db.webhookDelivery.updateMany({ where: { id: deliveryId }, data: { processedAt: now() } });
  };
}
