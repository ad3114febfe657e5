import type { UserActor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import { AppError, UserError, UserErrorCode } from '@suvidha/errors';
import type { EventStore, UnitOfWork } from '@suvidha/events';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { Role, User } from '../generated/prisma/client.ts';
import { revokeSessions, voidTokens } from '../session/revocation.ts';
import type { SessionService } from '../session/session.service.ts';
import { userNotFound } from './user.errors.ts';

const maxReasonLength = 200;

export interface UserAdminDependencies {
  readonly store: EventStore<Db>;
  readonly sessions: SessionService;
  readonly audit: AuditLog;
  readonly now: () => Date;
}

/** What admins do to accounts of others. Each act is written down with who did it. */
export class UserAdminService {
  readonly #dependencies: UserAdminDependencies;

  constructor(dependencies: UserAdminDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Gives somebody a role. Their access tokens are void from now on; refreshing gives new ones, with the new rights.
   * @throws UserError NOT_FOUND, STEP_UP_REQUIRED, or INVALID_INPUT for the admin's own account.
   */
  setRole(
    caller: SubgraphContext,
    actor: UserActor,
    { userId, role }: { userId: string; role: Role },
  ): Promise<User> {
    const roles: Role[] = role === 'USER' ? ['USER'] : ['USER', role];
    return this.#change(
      caller,
      actor,
      { userId, action: AuditAction.ROLE_SET, details: { role } },
      async (unit) => {
        const before = await unit.tx.user.findUniqueOrThrow({ where: { id: userId } });
        const user = await unit.tx.user.update({ where: { id: userId }, data: { roles } });
        const isSame = before.roles.join() === roles.join();
        if (!isSame) await voidTokens(unit, { userId, reason: 'ROLE_CHANGED', at: this.#dependencies.now() });
        return user;
      },
    );
  }

  /**
   * Shuts somebody out and ends their sessions. Doing it twice is no error.
   * @throws UserError NOT_FOUND, STEP_UP_REQUIRED, or INVALID_INPUT for the admin's own account or a reason too long.
   */
  suspend(
    caller: SubgraphContext,
    actor: UserActor,
    { userId, reason }: { userId: string; reason: string },
  ): Promise<User> {
    assertReason(reason);
    const act = { userId, action: AuditAction.USER_SUSPENDED, details: { reason } };
    return this.#change(caller, actor, act, async (unit) => {
      const { count } = await unit.tx.user.updateMany({
        where: { id: userId, status: 'ACTIVE' },
        data: { status: 'SUSPENDED' },
      });
      const at = this.#dependencies.now();
      if (count === 1) await revokeSessions(unit, { userId, choice: 'ALL', reason: 'SUSPENDED', at });
      return unit.tx.user.findUniqueOrThrow({ where: { id: userId } });
    });
  }

  /** Lets somebody in again. @throws UserError NOT_FOUND, STEP_UP_REQUIRED or INVALID_INPUT. */
  reinstate(caller: SubgraphContext, actor: UserActor, userId: string): Promise<User> {
    const act = { userId, action: AuditAction.USER_REINSTATED, details: {} };
    return this.#change(caller, actor, act, async ({ tx }) => {
      await tx.user.updateMany({ where: { id: userId, status: 'SUSPENDED' }, data: { status: 'ACTIVE' } });
      return tx.user.findUniqueOrThrow({ where: { id: userId } });
    });
  }

  async #change(
    caller: SubgraphContext,
    actor: UserActor,
    { userId, action, details }: { userId: string; action: AuditAction; details: Record<string, string> },
    work: (unit: UnitOfWork<Db>) => Promise<User>,
  ): Promise<User> {
    const { store, sessions, audit } = this.#dependencies;
    return audit.watch(caller, { action, subjectId: isUuid(userId) ? userId : null }, async () => {
      if (userId === actor.userId) throw ownAccount();
      await sessions.assertRecent(actor);
      if (!isUuid(userId)) throw userNotFound();
      return store.transact(async (unit) => {
        await assertStillAdmin(unit.tx, actor, userId);
        if ((await unit.tx.user.count({ where: { id: userId } })) === 0) throw userNotFound();
        const user = await work(unit);
        await unit.append({
          type: 'user.updated',
          aggregateType: 'user',
          aggregateId: userId,
          payload: { userId, changed: [action === AuditAction.ROLE_SET ? 'roles' : 'status'] },
        });
        await audit.record(unit.tx, caller, { action, subjectId: userId, details });
        return user;
      });
    });
  }
}

/**
 * Locks both accounts, in one order for everybody, and looks whether the actor's token still says the truth: of two admins
 * who take each other's role at the same moment one keeps it.
 * @throws AppError FORBIDDEN.
 */
async function assertStillAdmin(tx: Db, actor: UserActor, userId: string): Promise<void> {
  await tx.$queryRaw`select id from user_account where id in (${actor.userId}::uuid, ${userId}::uuid)
    order by id for update`;
  const admin = await tx.user.findUnique({ where: { id: actor.userId } });
  if (admin?.status === 'ACTIVE' && admin.roles.includes('ADMIN')) return;
  throw new AppError('FORBIDDEN', 'You may not use this field.');
}

/** Whoever takes away their own rights can lock everybody out. */
function ownAccount(): UserError {
  return new UserError(UserErrorCode.INVALID_INPUT, 'This cannot be done to your own account.', [
    'input',
    'userId',
  ]);
}

function assertReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= maxReasonLength && !/\p{Cc}/u.test(reason)) return;
  throw new UserError(
    UserErrorCode.INVALID_INPUT,
    `A reason is one line of 1 to ${maxReasonLength} characters.`,
    ['input', 'reason'],
  );
}
