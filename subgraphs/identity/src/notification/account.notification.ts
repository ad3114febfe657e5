import type { VariablesOf } from '@suvidha/notification-templates';
import type { Notifier } from '@suvidha/notifications';
import type { Db } from '../db.ts';
import { findReader, type Person } from './reader.queries.ts';

/** What happened to an account that its owner is told of. */
export type Happening = VariablesOf<'account-notice'>['happening'];

export interface AccountNotice {
  readonly happening: Happening;
  /** What made it happen, such as `otp:<challenge id>`: one cause tells once. */
  readonly cause: string;
  readonly at: Date;
}

/**
 * Tells the owner of an account what happened to it, by each way that they were reached so far, in the transaction that
 * did it. To tell only the new address would tell a thief.
 */
export async function notifyOwner(
  tx: Db,
  notifier: Notifier,
  owner: Person,
  { happening, cause, at }: AccountNotice,
): Promise<void> {
  const { destinations, locale, timeZone } = await findReader(tx, owner);
  const variables = { happening, at: at.toISOString() };
  const notice = {
    cause,
    template: 'account-notice',
    userId: owner.id,
    locale,
    timeZone,
    variables,
  } as const;
  for (const { channel, address } of destinations)
    await notifier.enqueue(tx, { ...notice, channel, to: address });
}
