import type { Db } from '../db.ts';

/**
 * Whether nobody could manage accounts any more if this person left. Locks all admins, in the order in which everybody does,
 * so that of the last two who leave at the same moment one stays.
 */
export async function isLastAdmin(tx: Db, userId: string): Promise<boolean> {
  if ((await tx.user.count({ where: { id: userId, roles: { has: 'ADMIN' } } })) === 0) return false;
  const admins = await tx.$queryRaw<{ id: string }[]>`select id from user_account
    where roles @> '{ADMIN}' and status = 'ACTIVE' order by id for update`;
  return admins.length === 1 && admins[0]?.id === userId;
}
