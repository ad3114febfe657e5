import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { SubgraphContext } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type { ClientApp } from '../generated/prisma/client.ts';
import type { AuditAction, AuditOutcome } from './audit.rules.ts';

/** Something that was done, or tried, about an account. */
export interface AuditRecord {
  readonly action: AuditAction;
  /** Default: SUCCESS. */
  readonly outcome?: AuditOutcome;
  /** Whose account. Absent: no account is known. */
  readonly subjectId?: string | null | undefined;
  readonly clientApp?: ClientApp | undefined;
  /** More to know: codes and ids, never a contact, a secret or what somebody typed. */
  readonly details?: Readonly<Record<string, string | readonly string[] | null>>;
}

/** Something that is tried, and may come to nothing. */
export interface AuditAttempt extends AuditRecord {
  /** Asked when it fails whose account it was about, where that is not known before. Absent: `subjectId` says it. */
  readonly findSubject?: () => Promise<string | null>;
}

/** Failures that are worth a line. The rest are malformed or limited, and a flood of them must not fill the log. */
const auditedFailures: readonly UserErrorCode[] = [
  UserErrorCode.ACCOUNT_SUSPENDED,
  UserErrorCode.CREDENTIALS_INCORRECT,
  UserErrorCode.OTP_INCORRECT,
  UserErrorCode.SOCIAL_ACCOUNT_EXISTS,
  UserErrorCode.SOCIAL_LOGIN_FAILED,
  UserErrorCode.STEP_UP_REQUIRED,
];

export interface AuditLogDependencies {
  readonly db: Db;
  readonly now: () => Date;
}

/** Writes down who did what to which account. The database keeps what is written from being changed. */
export class AuditLog {
  readonly #db: Db;
  readonly #now: () => Date;

  constructor({ db, now }: AuditLogDependencies) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * Adds an entry. Call it last in a transaction: from here to its end other writers of entries wait.
   */
  async record(tx: Db, caller: SubgraphContext, entry: AuditRecord): Promise<void> {
    const { actor, client, requestId } = caller;
    const { action, outcome = 'SUCCESS', subjectId, clientApp, details = {} } = entry;
    await tx.auditEntry.create({
      data: {
        id: uuidv7(),
        occurredAt: this.#now(),
        action,
        outcome,
        actorId: actor.kind === 'user' ? actor.userId : null,
        subjectId: subjectId ?? null,
        clientApp: clientApp ?? (actor.kind === 'user' ? actor.clientApp : null),
        address: client.address ?? null,
        userAgent: client.userAgent ?? null,
        requestId,
        details: { ...details },
      },
    });
  }

  /** Does `work`; when a person's mistake or attack ends it, that is written down too, outside its transaction. */
  async watch<T>(
    caller: SubgraphContext,
    { findSubject, ...attempt }: AuditAttempt,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UserError && auditedFailures.includes(error.code))
        await this.record(this.#db, caller, {
          ...attempt,
          ...(findSubject && { subjectId: await findSubject() }),
          outcome: 'FAILURE',
          details: { ...attempt.details, code: error.code },
        });
      throw error;
    }
  }
}
