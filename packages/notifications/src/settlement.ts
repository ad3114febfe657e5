import type { SqlClient } from '@suvidha/db';
import {
  findClaimed,
  recordEnding,
  recordNotSent,
  recordSent,
  recordUnknown,
} from './delivery/delivery.queries.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Carrier, Route } from './route.ts';

/** So many attempts may end without anybody knowing: one that was sent after all, and one visible duplicate. */
const maxUnknownOutcomes = 2;

/**
 * Clears up an attempt that was begun and has no outcome, after a time-out or a crash. A vendor that can be asked is
 * asked. Where nobody can know, the message goes out once more, and after a second such attempt not again: then it is
 * dead, and people decide.
 *
 * @throws VendorError while the only vendor there is does not answer: asking again beats a duplicate.
 */
export async function settle(
  { db, now }: { readonly db: SqlClient; readonly now: () => Date },
  delivery: Delivery,
  { last, vendors }: Route,
): Promise<void> {
  if (last?.replacesDuplicates) return recordNotSent(db, delivery, 'OUTCOME_UNKNOWN');
  const isLastResort = vendors.length === 1 || delivery.unknownOutcomes > 0;
  const answer = last ? await ask(db, delivery, last, isLastResort) : 'UNKNOWN';
  if (answer === 'ABSENT') return recordNotSent(db, delivery, 'OUTCOME_UNKNOWN');
  if (answer !== 'UNKNOWN') return recordSent(db, delivery, { messageId: answer.messageId, now: now() });
  if (delivery.unknownOutcomes + 1 < maxUnknownOutcomes)
    return recordUnknown(db, delivery, 'OUTCOME_UNKNOWN');
  return recordEnding(db, delivery, { status: 'DEAD', reason: 'OUTCOME_UNKNOWN', now: now() });
}

async function ask(
  db: SqlClient,
  { attemptedAt }: Delivery,
  { name, findSent }: Carrier,
  isLastResort: boolean,
): Promise<{ readonly messageId: string } | 'ABSENT' | 'UNKNOWN'> {
  if (findSent === null || attemptedAt === null) return 'UNKNOWN';
  try {
    const candidates = await findSent(attemptedAt);
    const claimed = await findClaimed(db, name, candidates);
    const messageId = candidates.find((candidate) => !claimed.has(candidate));
    return messageId === undefined ? 'ABSENT' : { messageId };
  } catch (error) {
    if (isLastResort) throw error;
    return 'UNKNOWN';
  }
}
