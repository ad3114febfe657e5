import { uuidv7 } from '@suvidha/db';
import { addJob } from '@suvidha/jobs';
import type { PaymentGateway, PrismaClient } from '../generated/prisma/client.ts';
import { processWebhookTask } from '../jobs/process-webhook.job.ts';

export interface IncomingWebhook {
  readonly gateway: PaymentGateway;
  readonly eventId: string;
  readonly body: Buffer;
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
      const { count } = await tx.webhookDelivery.createMany({
        data: [{ id, gateway, eventId, body: new Uint8Array(body) }],
        skipDuplicates: true,
      });
      if (count === 1) await addJob(tx, processWebhookTask, { deliveryId: id });
    });
  }
}
