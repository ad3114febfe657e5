import { PageArgs, RequireAuth, toConnection, toPage } from '@suvidha/subgraph';
import { Arg, Args, Query, Resolver } from 'type-graphql';
import type { AuditService } from './audit.service.ts';
import { AuditEntryConnection, AuditFilter, AuditIntegrityType } from './audit.type.ts';

@Resolver()
export class AuditResolver {
  readonly #audit: AuditService;

  constructor(audit: AuditService) {
    this.#audit = audit;
  }

  @Query(() => AuditEntryConnection, {
    nullable: true,
    description: 'The audit log, the newest lines first.',
  })
  @RequireAuth('user:admin')
  async auditLog(
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Which lines. Absent: all.' })
    filter: AuditFilter | null,
    @Args(() => PageArgs) args: PageArgs,
  ) {
    const page = toPage(args);
    const rows = await this.#audit.list(filter ?? {}, page);
    return toConnection(rows, page, (row) => ({ ...row, details: JSON.stringify(row.details) }));
  }

  @Query(() => AuditIntegrityType, {
    nullable: true,
    description: 'Whether the audit log is as it was written. It reads the whole log.',
  })
  @RequireAuth('user:admin')
  auditLogIntegrity(): Promise<object> {
    return this.#audit.verify();
  }
}
