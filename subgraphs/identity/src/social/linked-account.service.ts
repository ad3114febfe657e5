import type { UserActor } from '@suvidha/auth';
import { isUuid } from '@suvidha/db';
import type { EventStore } from '@suvidha/events';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { AuditLog } from '../audit/audit.log.ts';
import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import type { LinkedAccount } from '../generated/prisma/client.ts';
import { lockUser } from '../session/revocation.ts';
import type { SessionService } from '../session/session.service.ts';
import { socialErrors } from './social.errors.ts';
import { revokeGrants } from './social-grants.ts';
import { hasOtherWayIn } from './social-login.rules.ts';

export interface LinkedAccountDependencies {
  readonly db: Db;
  readonly store: EventStore<Db>;
  readonly audit: AuditLog;
  readonly sessions: SessionService;
}

/** The accounts at providers by which people log in. */
export class LinkedAccountService {
  readonly #dependencies: LinkedAccountDependencies;

  constructor(dependencies: LinkedAccountDependencies) {
    this.#dependencies = dependencies;
  }

  /** The linked accounts of each of these people, oldest first. */
  async loadByUser(userIds: readonly string[]): Promise<ReadonlyMap<string, LinkedAccount[]>> {
    const accounts = await this.#dependencies.db.linkedAccount.findMany({
      where: { userId: { in: [...userIds] } },
      orderBy: { id: 'asc' },
    });
    return Map.groupBy(accounts, ({ userId }) => userId);
  }

  /**
   * Takes a linked account away from whoever asks. Of two at the same moment the second sees what the first has left.
   * @throws UserError STEP_UP_REQUIRED, NOT_FOUND, or LAST_WAY_IN when nothing else would let the person in
   */
  async unlink(caller: SubgraphContext, actor: UserActor, id: string): Promise<void> {
    const { userId } = actor;
    if (!isUuid(id)) throw socialErrors.notFound();
    const { store, sessions } = this.#dependencies;
    await store.transact(async ({ tx, append }) => {
      await lockUser(tx, userId);
      await sessions.assertRecent(actor, tx);
      const leaving = await this.#assertMayLeave(tx, userId, id);
      await revokeGrants(tx, { id });
      await tx.linkedAccount.delete({ where: { id } });
      await append({
        type: 'user.updated',
        aggregateType: 'user',
        aggregateId: userId,
        payload: { userId, changed: ['linkedAccounts'] },
      });
      await this.#dependencies.audit.record(tx, caller, {
        action: AuditAction.LOGIN_UNLINKED,
        subjectId: userId,
        details: { provider: leaving.provider },
      });
    });
  }

  async #assertMayLeave(tx: Db, userId: string, id: string): Promise<LinkedAccount> {
    const user = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      include: { linkedAccounts: true },
    });
    const leaving = user.linkedAccounts.find((account) => account.id === id);
    if (!leaving) throw socialErrors.notFound();
    if (!hasOtherWayIn(user, leaving, user.linkedAccounts.length - 1)) throw socialErrors.lastWayIn();
    return leaving;
  }
}
