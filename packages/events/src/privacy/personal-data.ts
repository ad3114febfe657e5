import type { SqlClient } from '@suvidha/db';
import type { EventHandlers } from '../consumer.ts';
import type { UnitOfWork } from '../event-store.ts';
import type { personalDataHolders } from '../routes.ts';
import { toPieces } from './pieces.ts';

/** What a subgraph knows of people, and how it forgets them. */
export interface PersonalData<Tx extends SqlClient> {
  readonly subgraph: (typeof personalDataHolders)[number];
  /** Everything it knows of a person, by a name that the person understands. */
  collect(tx: Tx, userId: string): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Removes it. What the law wants kept stays, under the pseudonym. Doing it twice is no error.
   * @param pseudonym a UUID that takes the place of the user's id
   */
  erase(tx: Tx, person: { readonly userId: string; readonly pseudonym: string }): Promise<void>;
}

type PrivacyEvent = 'user.export_requested' | 'user.erasure_requested';

/** Answers the requests of people to see what is known of them, and to be forgotten. */
export function createPrivacyHandlers<Tx extends SqlClient>(
  data: PersonalData<Tx>,
): Required<Pick<EventHandlers<Tx>, PrivacyEvent>> {
  const { subgraph } = data;
  return {
    'user.export_requested': async ({ tx, append, event }) => {
      const { userId, exportId } = event.payload;
      const pieces = toPieces(await data.collect(tx, userId));
      await lockLog(tx, userId);
      for (const [piece, text] of pieces.entries())
        await appendForUser(append, userId, {
          type: 'export.part_ready',
          payload: { userId, exportId, subgraph, piece, pieces: pieces.length, text },
        });
    },
    'user.erasure_requested': async ({ tx, append, event }) => {
      const { userId, erasureId, pseudonym } = event.payload;
      await data.erase(tx, { userId, pseudonym });
      await lockLog(tx, userId);
      await forgetParts(tx, userId);
      await appendForUser(append, userId, {
        type: 'erasure.completed',
        payload: { userId, erasureId, subgraph },
      });
    },
  };
}

/** Outside of identity there is no row of the user to lock. */
async function lockLog(tx: SqlClient, userId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`event-log:user:${userId}`}, 0))`;
}

/** The pieces of earlier exports hold what is to be forgotten. The rows stay: versions must not be given twice. */
async function forgetParts(tx: SqlClient, userId: string): Promise<void> {
  await tx.$executeRaw`update event_log set payload = payload || '{"text": ""}'::jsonb
    where aggregate_type = 'user' and aggregate_id = ${userId}::uuid and type = 'export.part_ready'`;
}

type Append = UnitOfWork<SqlClient>['append'];
type Answer = Pick<Parameters<Append>[0], 'type' | 'payload'>;

function appendForUser(append: Append, userId: string, answer: Answer): Promise<void> {
  return append({ ...answer, aggregateType: 'user', aggregateId: userId });
}
