import { isUuid, uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { addJob } from '@suvidha/jobs';
import type { Page } from '@suvidha/subgraph';
import type { PaymentGateway, PrismaClient, WebhookDelivery } from '../generated/prisma/client.ts';
import { processWebhookTask } from '../jobs/process-webhook.job.ts';

const field = ['input', 'webhookId'];

export interface IncomingWebhook {
  readonly gateway: PaymentGateway;
  readonly eventId: string;
  readonly body: Buffer;
}

export interface WantedWebhooks {
  readonly paymentId?: string | null;
  readonly isProcessed?: boolean | null;
}

/** Keeps webhooks whose signature was checked. */
export class WebhookService {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Stores a webhook with a job that acts on it. A delivery that was stored before changes nothing. */
  store({ gateway, eventId, body }: IncomingWebhook): Promise<void> {
    return this.#db.$transaction(async (tx) => {
      const id = uuidv7();
      const stored = await tx.$executeRaw`insert into webhook_delivery (id, gateway, event_id, body)
        values (${id}::uuid, ${gateway}::"PaymentGateway", ${eventId}, ${body})
        on conflict (gateway, event_id) do nothing`;
      if (stored === 1) await addJob(tx, processWebhookTask, { deliveryId: id }, toJobKey(id));
    });
  }

  /**
   * Acts on a stored webhook once more, by its job; one that still waits runs now.
   * @throws UserError NOT_FOUND; INVALID_INPUT when its content is not kept any more.
   */
  async replay(id: string): Promise<WebhookDelivery> {
    const delivery = isUuid(id) ? await this.#db.webhookDelivery.findUnique({ where: { id } }) : null;
    if (!delivery) throw new UserError(UserErrorCode.NOT_FOUND, 'There is no such webhook.', field);
    if (!delivery.body)
      throw new UserError(
        UserErrorCode.INVALID_INPUT,
        'The content of webhookId is not kept any more.',
        field,
      );
    await addJob(this.#db, processWebhookTask, { deliveryId: id }, toJobKey(id));
    return delivery;
  }

  /** Newest first; one more than the page holds when there are more. */
  list({ paymentId, isProcessed }: WantedWebhooks, { limit, afterId }: Page): Promise<WebhookDelivery[]> {
    if (paymentId && !isUuid(paymentId)) return Promise.resolve([]);
    return this.#db.webhookDelivery.findMany({
      where: {
        ...(paymentId && { paymentId }),
        ...(typeof isProcessed === 'boolean' && { processedAt: isProcessed ? { not: null } : null }),
        ...(afterId && { id: { lt: afterId } }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }
}

function toJobKey(id: string): { key: string } {
  return { key: `${processWebhookTask}:${id}` };
}
