import { isCurrency, type Money } from '@suvidha/money';
import { z } from 'zod';

/** An amount as templates take it. */
export const money: z.ZodType<Money> = z.object({
  amountMinor: z.int(),
  currency: z.string().refine(isCurrency, 'must be a currency of ours'),
});

/** An address to open. Anything but http and https would run in the reader's mail program. */
export const link = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/** A point in time as RFC 3339 text in UTC. */
export const moment = z.iso.datetime();

export const text = z.string().min(1).max(200);
export const minutes = z.int().positive();
