import type { PersonalData } from '@suvidha/events';
import type { Db } from '../db.ts';

/** What billing knows of people. Bills, and what was paid of them, are kept for the tax office, under a pseudonym. */
export const billingPersonalData: PersonalData<Db> = {
  subgraph: 'billing',
  async collect(tx, userId) {
    const [connections, bills] = await Promise.all([
      tx.connection.findMany({ where: { userId } }),
      tx.bill.findMany({ where: { userId }, include: { allocations: true } }),
    ]);
    return { connections, bills };
  },
  async erase(tx, { userId, pseudonym }) {
    await tx.$executeRaw`update event_log set payload = jsonb_set(payload, '{userId}', to_jsonb(${pseudonym}::text))
      where aggregate_type = 'bill' and payload ->> 'userId' = ${userId}
        and aggregate_id in (select id from bill where user_id = ${userId}::uuid)`;
    await tx.bill.updateMany({ where: { userId }, data: { userId: pseudonym } });
    await tx.connection.updateMany({ where: { userId }, data: { userId: pseudonym } });
  },
};
