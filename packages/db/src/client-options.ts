import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { createStatementNames } from './statement-names.ts';

/**
 * What each subgraph makes its Prisma client with. Connections keep their statements planned. So raw SQL names its columns
 * instead of `*`, whose meaning a migration may change under a running process, and the address must not be that of a
 * pooler in transaction mode that cannot keep statements (PgBouncer before 1.21). `createMany` is the one call that
 * Prisma 7.10 compiles anew each time: not for hot paths.
 */
export function createClientOptions(pool: Pool) {
  const statementNameGenerator = createStatementNames();
  return {
    adapter: new PrismaPg(pool, { statementNameGenerator }),
    // Any other format takes a stack trace with every query, for a picture of our code in an error that nobody shows: it
    // is more than half of what a query costs this process.
    errorFormat: 'minimal',
  } as const;
}
