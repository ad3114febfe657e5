import { z } from 'zod';

/** What we read of Razorpay's entities (https://razorpay.com/docs/api/). Unknown fields are ignored. */
export const orderEntity = z.object({ id: z.string(), receipt: z.string().nullish() });

export const paymentEntity = z.object({
  id: z.string(),
  order_id: z.string().nullish(),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  fee: z.int().nullish(),
  error_reason: z.string().nullish(),
});

export const refundEntity = z.object({
  id: z.string(),
  payment_id: z.string(),
  amount: z.int(),
  currency: z.string(),
  receipt: z.string().nullish(),
  status: z.string(),
});

/** `image_content` is the UPI address, which only some accounts are given. Empty notes are a list. */
export const qrCodeEntity = z.object({
  id: z.string(),
  status: z.string(),
  notes: z.object({ payment_id: z.string().optional() }).catch({}),
  image_url: z.string().nullish(),
  image_content: z.string().nullish(),
});

export function collectionOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) });
}

const entityOf = <Entity extends z.ZodType>(entity: Entity) => z.object({ entity }).optional();

export const webhookEnvelope = z.object({
  payload: z.object({
    refund: entityOf(z.object({ id: z.string(), receipt: z.string().nullish() })),
    payment: entityOf(z.object({ id: z.string(), order_id: z.string().nullish() })),
    qr_code: entityOf(z.object({ id: z.string() })),
  }),
});

/** What checkout hands to the client. */
export const confirmationFields = z.object({
  razorpay_payment_id: z.string().regex(/^pay_/),
  razorpay_order_id: z.string().optional(),
  razorpay_signature: z.string(),
});
