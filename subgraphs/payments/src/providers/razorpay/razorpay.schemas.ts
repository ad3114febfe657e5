import { z } from 'zod';

/** What we read of Razorpay's entities (https://razorpay.com/docs/api/). Unknown fields are ignored. */
export const orderEntity = z.object({ id: z.string(), receipt: z.string().nullish() });

export const paymentEntity = z.object({
  id: z.string(),
  order_id: z.string().nullish(),
  amount: z.number().int(),
  currency: z.string(),
  status: z.string(),
});

export const refundEntity = z.object({ id: z.string() });

export function collectionOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) });
}

export const paymentWebhook = z.object({
  payload: z.object({ payment: z.object({ entity: z.object({ id: z.string() }) }) }),
});
