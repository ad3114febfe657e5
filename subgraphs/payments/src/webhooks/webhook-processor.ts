import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import type { WebhookDelivery } from '../generated/prisma/client.ts';
import type { PaymentResolutionService } from '../payment/payment-resolution.service.ts';
import type { VendorReference } from '../providers/payment-gateway.ts';
import type { RefundExecutionService } from '../refund/refund-execution.service.ts';

export interface WebhookProcessorDependencies {
  readonly db: Db;
  readonly gateways: Gateways;
  readonly resolution: PaymentResolutionService;
  readonly refunds: RefundExecutionService;
  readonly now: () => Date;
}

/**
 * Acts on stored webhooks. Their content is only a hint: the vendor is asked for the state as it is now, so the order in
 * which webhooks come, and how often, does not matter.
 */
export class WebhookProcessor {
  readonly #parts: WebhookProcessorDependencies;

  constructor(parts: WebhookProcessorDependencies) {
    this.#parts = parts;
  }

  /** Rejects when it must come again; the kind of fault is kept with the webhook. */
  async process(deliveryId: string): Promise<void> {
    const { db, now } = this.#parts;
    const delivery = await db.webhookDelivery.findUniqueOrThrow({ where: { id: deliveryId } });
    try {
      const paymentId = await this.#act(delivery);
      await db.webhookDelivery.updateMany({
        where: { id: deliveryId },
        data: { processedAt: now(), paymentId, lastError: null },
      });
    } catch (error) {
      const lastError = error instanceof Error ? error.name : 'Error';
      await db.webhookDelivery.updateMany({ where: { id: deliveryId }, data: { lastError } });
      throw error;
    }
  }

  /** @returns the payment that it was about. */
  async #act({ gateway, body, paymentId }: WebhookDelivery): Promise<string | null> {
    const { gateways, refunds } = this.#parts;
    // It is not kept any more: the vendor has been asked by others meanwhile.
    if (!body) return paymentId;
    const hint = gateways.get(gateway).readWebhook(Buffer.from(body));
    if (!hint) return null;
    if (hint.kind === 'PAYMENT') return this.#resolve(gateway, hint);
    return (await refunds.applyHint(hint, gateway))?.paymentId ?? null;
  }

  async #resolve(gateway: WebhookDelivery['gateway'], reference: VendorReference): Promise<string | null> {
    const { gateways, resolution } = this.#parts;
    const attempt = await gateways.get(gateway).getPayment(reference);
    const payment = await resolution.findFor(attempt, gateway);
    if (payment) await resolution.take(payment, attempt);
    return payment?.id ?? null;
  }
}
