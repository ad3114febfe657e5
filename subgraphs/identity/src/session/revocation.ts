import type { UnitOfWork } from '@suvidha/events';
import type { Db } from '../db.ts';
import { endDescopeSessions } from '../descope/descope.sessions.ts';

/** Which sessions of a person. */
export type SessionChoice = { readonly only: string } | { readonly except: string } | 'ALL';

/** Why sessions ended. */
export type RevocationReason =
  | 'ACCOUNT_LEFT'
  | 'BACK_END_ENDED'
  | 'LOGOUT'
  | 'LOGOUT_EVERYWHERE'
  | 'PASSWORD_CHANGED'
  | 'REVOKED_BY_USER'
  | 'ROLE_CHANGED'
  | 'SUSPENDED'
  | 'TOKEN_REUSED';

export interface Revocation {
  readonly userId: string;
  readonly choice: SessionChoice;
  readonly reason: RevocationReason;
  readonly at: Date;
}

/**
 * Ends sessions: the one place that does, so that whoever must learn of it learns of all. With ALL, access tokens that
 * were issued to the person before are void too, whatever session they name.
 *
 * @returns the ids of the sessions that ended now, none when they had before
 */
export async function revokeSessions(
  unit: UnitOfWork<Db>,
  { userId, choice, reason, at }: Revocation,
): Promise<readonly string[]> {
  const { tx } = unit;
  await lockUser(tx, userId);
  const sessions = await tx.session.updateManyAndReturn({
    where: { userId, revokedAt: null, ...toFilter(choice) },
    data: { revokedAt: at, revokedReason: reason },
    select: { id: true },
  });
  const ended = sessions.map(({ id }) => id);
  await endDescopeSessions(tx, ended);
  if (choice === 'ALL') await voidTokens(unit, { userId, reason, at, sessionIds: ended });
  else if (ended.length > 0) await append(unit, { userId, sessionIds: ended, notBefore: null, reason });
  return ended;
}

/** Voids the access tokens that were issued to a person before; their sessions go on, and refresh into new ones. */
export async function voidTokens(
  unit: UnitOfWork<Db>,
  {
    userId,
    reason,
    at,
    sessionIds = [],
  }: { userId: string; reason: RevocationReason; at: Date; sessionIds?: readonly string[] },
): Promise<void> {
  await unit.tx.user.updateMany({ where: { id: userId }, data: { tokensNotBefore: at } });
  await append(unit, { userId, sessionIds: [...sessionIds], notBefore: at.toISOString(), reason });
}

/** Makes everything that is done about one account take turns: it is what lets the versions of its events count up. */
export async function lockUser(tx: Db, userId: string): Promise<void> {
  await tx.$queryRaw`select id from user_account where id = ${userId}::uuid for update`;
}

function append(
  unit: UnitOfWork<Db>,
  payload: {
    userId: string;
    sessionIds: string[] | readonly string[];
    notBefore: string | null;
    reason: string;
  },
): Promise<void> {
  return unit.append({
    type: 'session.revoked',
    aggregateType: 'user',
    aggregateId: payload.userId,
    payload: { ...payload, sessionIds: [...payload.sessionIds] },
  });
}

function toFilter(choice: SessionChoice) {
  if (choice === 'ALL') return {};
  return 'only' in choice ? { id: choice.only } : { id: { not: choice.except } };
}
