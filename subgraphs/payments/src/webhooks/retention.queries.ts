import type { Db } from '../db.ts';

/** How long the content of a webhook is kept, in milliseconds: for whoever has to look into a dispute. */
const keepMs = 90 * 86_400_000;

/**
 * Removes the content of the oldest webhooks that are too old, at most `limit`. The rows stay: their event ids tell a
 * repeated delivery.
 * @returns how many.
 */
export function removeOldBodies(db: Db, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const before = new Date(now.getTime() - keepMs);
  return db.$executeRaw`update webhook_delivery set body = null where id = any (array(
    select id from webhook_delivery
     where body is not null and received_at < ${before} order by received_at limit ${limit}))`;
}

/** Removes the content of what vendors sent about the payments of a payer, `user:<id>`. */
export async function removeBodiesOf(db: Db, payer: string): Promise<void> {
  await db.$executeRaw`update webhook_delivery set body = null
    where payment_id in (select id from payment where payer = ${payer})`;
}
