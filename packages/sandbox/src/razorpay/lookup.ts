import type { z } from 'zod';
import { type IdPrefix, isId } from './id.ts';
import { razorpayErrors } from './razorpay.error.ts';
import type { listQuery } from './request.schema.ts';

/**
 * The thing with this id.
 *
 * @throws RazorpayError, one for an id that cannot be and another for one that is not there
 */
export function getById<T>(things: Map<string, T>, id: string, prefix: IdPrefix): T {
  if (!isId(id, prefix)) throw razorpayErrors.malformedId(id);
  const thing = things.get(id);
  if (thing === undefined) throw razorpayErrors.unknownId();
  return thing;
}

/** A page of a list, newest first. */
export function toPage<T extends { createdAt: number }>(
  oldestFirst: Iterable<T>,
  window: z.output<typeof listQuery>,
): T[] {
  const { from = 0, to = Number.POSITIVE_INFINITY, skip, count } = window;
  return [...oldestFirst]
    .filter((thing) => thing.createdAt >= from && thing.createdAt <= to)
    .reverse()
    .slice(skip, skip + count);
}
