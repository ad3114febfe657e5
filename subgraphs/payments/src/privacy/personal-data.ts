import type { PersonalData } from '@suvidha/events';
import type { Db } from '../db.ts';
import { removeBodiesOf } from '../webhooks/retention.queries.ts';

/** What payments knows of people. Money records are kept for the tax office, under a pseudonym. */
export const paymentsPersonalData: PersonalData<Db> = {
  subgraph: 'payments',
  async collect(tx, userId) {
    const payments = await tx.payment.findMany({
      where: { payer: toPayer(userId) },
      include: { refunds: true },
    });
    return { payments };
  },
  async erase(tx, { userId, pseudonym }) {
    const [before, after] = [toPayer(userId), toPayer(pseudonym)];
    // First, because whoever appends an event about a payment holds its row: from here on the log gets no more of them.
    await tx.payment.updateMany({ where: { payer: before }, data: { payer: after } });
    await tx.$executeRaw`update event_log set payload = jsonb_set(payload, '{payer}', to_jsonb(${after}::text))
      where aggregate_type in ('payment', 'receipt', 'refund') and payload ->> 'payer' = ${before}`;
    await tx.idempotencyKey.updateMany({ where: { scope: before }, data: { scope: after } });
    await tx.refund.updateMany({ where: { requestedBy: before }, data: { requestedBy: after } });
    await removeBodiesOf(tx, after);
  },
};

function toPayer(userId: string): string {
  return `user:${userId}`;
}
