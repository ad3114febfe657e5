import { AuditAction } from '../audit/audit.rules.ts';
import type { Db } from '../db.ts';
import { sessionPolicy } from '../session/session.rules.ts';

export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** Counts what happened to accounts. */
export class AdminDashboardService {
  readonly #db: Db;
  readonly #now: () => Date;

  constructor(db: Db, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  async summarize({ from, to }: Period) {
    const period = { gte: from, lt: to };
    const login = { action: AuditAction.LOGIN, occurredAt: period };
    const since = new Date(this.#now().getTime() - sessionPolicy.refreshLifetimeMs);
    const [registrations, logins, refusedLogins, accounts, suspendedAccounts, activeSessions] =
      await Promise.all([
        this.#db.user.count({ where: { createdAt: period } }),
        this.#db.auditEntry.count({ where: { ...login, outcome: 'SUCCESS' } }),
        this.#db.auditEntry.count({ where: { ...login, outcome: 'FAILURE' } }),
        this.#db.user.count(),
        this.#db.user.count({ where: { status: 'SUSPENDED' } }),
        this.#db.session.count({ where: { revokedAt: null, lastUsedAt: { gt: since } } }),
      ]);
    return { registrations, logins, refusedLogins, accounts, suspendedAccounts, activeSessions };
  }
}
