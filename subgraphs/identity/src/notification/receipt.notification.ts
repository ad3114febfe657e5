import { type ConsumedEvent, type EventPayload, findPayingUser } from '@suvidha/events';
import { toMoney } from '@suvidha/money';
import type { VariablesOf } from '@suvidha/notification-templates';
import type { Notifier } from '@suvidha/notifications';
import type { Db } from '../db.ts';
import { lockUser } from '../session/revocation.ts';
import { findReader, type Person } from './reader.queries.ts';

type Issued = EventPayload<'receipt.issued'>;

/**
 * Tells people of their receipts by the ways they want to hear of payments, for {@link createEventConsumer}. Somebody
 * who has left or is leaving has no address any more, and a guest never had one: they are told nothing.
 */
export function createReceiptSender(
  notifier: Notifier,
): (issued: ConsumedEvent<Db, 'receipt.issued'>) => Promise<void> {
  return async ({ tx, event: { payload } }) => {
    const owner = await findOwner(tx, payload.payer);
    if (!owner) return;
    const { destinations, paymentChannels, locale, timeZone } = await findReader(tx, owner);
    const receipt = {
      cause: `receipt:${payload.receiptId}`,
      template: payload.refundId === null ? 'receipt' : 'refund-receipt',
      userId: owner.id,
      locale,
      timeZone,
      variables: toVariables(payload),
      expiresAt: new Date(payload.urlExpiresAt),
    } as const;
    for (const { channel, address } of destinations)
      if (paymentChannels.includes(channel)) await notifier.enqueue(tx, { ...receipt, channel, to: address });
  };
}

/** The account is locked: an erasure that begins now comes after the message, and takes it along. */
async function findOwner(tx: Db, payer: string): Promise<Person | null> {
  const id = findPayingUser(payer);
  if (id === null) return null;
  await lockUser(tx, id);
  return tx.user.findUnique({ where: { id } });
}

function toVariables(issued: Issued): VariablesOf<'receipt'> {
  return {
    receiptNumber: issued.number,
    payable: issued.payable.type,
    payableNumber: issued.payableNumber,
    amount: toMoney(issued.amountMinor, issued.currency),
    movedAt: issued.movedAt,
    link: issued.url,
    linkExpiresAt: issued.urlExpiresAt,
  };
}
