import { isUuid } from '@suvidha/db';
import type { Page } from '@suvidha/subgraph';
import type { Db } from '../db.ts';
import type { AuditEntry } from '../generated/prisma/client.ts';

/** Which lines. What is absent leaves nothing out. */
export interface AuditSearch {
  readonly action?: string | null | undefined;
  readonly outcome?: string | null | undefined;
  readonly actorId?: string | null | undefined;
  readonly subjectId?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/** Whether each line of the log seals the one before it. */
export interface AuditIntegrity {
  readonly isIntact: boolean;
  readonly entries: number;
  readonly brokenAt: string | null;
}

/** Reads the audit log. */
export class AuditService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** A page of lines, the newest first; one more row than the page has where there are more. */
  async list(search: AuditSearch, { limit, afterId }: Page): Promise<AuditEntry[]> {
    const { action, outcome, actorId, subjectId, from, to } = search;
    if ([actorId, subjectId].some((id) => id && !isUuid(id))) return [];
    return this.#db.auditEntry.findMany({
      where: {
        ...(afterId && { id: { lt: afterId } }),
        ...(action && { action }),
        ...(outcome && { outcome }),
        ...(actorId && { actorId }),
        ...(subjectId && { subjectId }),
        occurredAt: { ...(from && { gte: from }), ...(to && { lt: to }) },
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** Goes along the whole chain, in the database. */
  async verify(): Promise<AuditIntegrity> {
    const [row] = await this.#db.$queryRaw<{ entries: number; broken: string | null }[]>`
      select count(*)::int as entries,
        (array_agg(id order by sequence) filter (where not fits))[1]::text as broken
      from (
        select id, sequence, hash = audit_entry_hash(entry)
          and previous_hash = coalesce(lag(hash) over (order by sequence), '')
          and sequence = coalesce(lag(sequence) over (order by sequence), 0) + 1 as fits
        from audit_entry as entry
      ) as chain`;
    const { entries = 0, broken = null } = row ?? {};
    return { isIntact: broken === null, entries, brokenAt: broken };
  }
}
