import type { JobHandler } from '@suvidha/jobs';
import { z } from 'zod';
import type { WebhookProcessor } from '../webhooks/webhook-processor.ts';

export const processWebhookTask = 'process-webhook';

const payload = z.object({ deliveryId: z.uuid() });

export function createProcessWebhookHandler(processor: WebhookProcessor): JobHandler {
  return async (raw) => processor.process(payload.parse(raw).deliveryId);
}
