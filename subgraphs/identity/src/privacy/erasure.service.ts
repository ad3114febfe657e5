import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { type ConsumedEvent, type EventStore, personalDataHolders, type UnitOfWork } from '@suvidha/events';
import type { Notifier } from '@suvidha/notifications';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { Erasure } from '../generated/prisma/client.ts';
import { notifyOwner } from '../notification/account.notification.ts';
import { revokeSessions } from '../session/revocation.ts';
import type { SessionService } from '../session/session.service.ts';
import { isLastAdmin } from '../user/admin.queries.ts';
import { eraseOwnData } from './own-data.ts';

export interface ErasureDependencies {
  readonly store: EventStore<Db>;
  readonly sessions: SessionService;
  readonly notifier: Notifier;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

/**
 * Lets people leave. Their sessions and identity's own data go at once, in one transaction; then every other subgraph
 * erases its part and says so; the account is gone when the last has. Each step may come twice.
 */
export class ErasureService {
  readonly #dependencies: ErasureDependencies;

  constructor(dependencies: ErasureDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Begins an erasure. Asked twice, it is one.
   * @throws UserError STEP_UP_REQUIRED, or LAST_ADMIN when nobody would be left to manage accounts.
   */
  async request(caller: SubgraphContext, actor: UserActor): Promise<Erasure> {
    const { store, sessions, audit, now } = this.#dependencies;
    const { userId } = actor;
    await sessions.assertRecent(actor);
    return store.transact(async (unit) => {
      const { tx } = unit;
      const at = now();
      if (await isLastAdmin(tx, userId)) throw lastAdmin();
      await revokeSessions(unit, { userId, choice: 'ALL', reason: 'ACCOUNT_LEFT', at });
      const known = await tx.erasure.findUnique({ where: { userId } });
      if (known) return known;
      const erasure = await tx.erasure.create({ data: { id: uuidv7(), userId, requestedAt: at } });
      await this.#leave(unit, { userId, erasureId: erasure.id, at });
      await audit.record(tx, caller, { action: AuditAction.ACCOUNT_LEFT, subjectId: userId });
      return erasure;
    });
  }

  async #leave(
    unit: UnitOfWork<Db>,
    { userId, erasureId, at }: { userId: string; erasureId: string; at: Date },
  ): Promise<void> {
    const { tx } = unit;
    const { notifier } = this.#dependencies;
    const owner = await tx.user.update({ where: { id: userId }, data: { status: 'LEAVING' } });
    const cause = `erasure:${erasureId}`;
    await notifyOwner(tx, notifier, owner, { happening: 'ACCOUNT_LEFT', cause, at });
    await eraseOwnData(tx, userId, (address) => notifier.hashDestination(address));
    await unit.append({
      type: 'user.erasure_requested',
      aggregateType: 'user',
      aggregateId: userId,
      payload: { userId, erasureId, pseudonym: erasureId },
    });
  }

  /** Takes the word of another subgraph that it is done, for {@link createEventConsumer}. The last one ends it. */
  readonly takeCompletion = async (consumed: ConsumedEvent<Db, 'erasure.completed'>): Promise<void> => {
    const { tx, event } = consumed;
    const { erasureId, subgraph } = event.payload;
    const at = this.#dependencies.now();
    // Two last ones at the same moment would each miss the other.
    await tx.$queryRaw`select id from erasure where id = ${erasureId}::uuid for update`;
    const erasure = await tx.erasure.findUnique({ where: { id: erasureId } });
    if (!erasure || erasure.userId === null) return;
    await tx.erasureStep.createMany({
      data: [{ erasureId, subgraph, completedAt: at }],
      skipDuplicates: true,
    });
    const done = await tx.erasureStep.count({ where: { erasureId } });
    if (done === personalDataHolders.length)
      await this.#finish(consumed, { erasureId, userId: erasure.userId, at });
  };

  /** From here on nothing leads from the pseudonym to the person. */
  async #finish(
    { tx, append }: UnitOfWork<Db>,
    { erasureId, userId, at }: { erasureId: string; userId: string; at: Date },
  ): Promise<void> {
    await tx.notificationDelivery.deleteMany({ where: { userId } });
    await tx.user.deleteMany({ where: { id: userId } });
    await append({ type: 'user.deleted', aggregateType: 'user', aggregateId: userId, payload: { userId } });
    await tx.$executeRaw`update event_log set payload = payload - 'pseudonym' - 'erasureId'
      where aggregate_type = 'user' and aggregate_id = ${userId}::uuid and type = 'user.erasure_requested'`;
    await tx.erasure.update({ where: { id: erasureId }, data: { userId: null, completedAt: at } });
  }
}

function lastAdmin(): UserError {
  return new UserError(
    UserErrorCode.LAST_ADMIN,
    'Nobody else could manage accounts: make somebody else an admin first.',
  );
}
