import type { Sql } from '@prisma/client/runtime/client';

/** The raw SQL of a Prisma client or of its transaction, whichever schema it was generated from. */
export interface SqlClient {
  /** Answers the rows. */
  $queryRaw<T = unknown>(query: TemplateStringsArray | Sql, ...values: unknown[]): Promise<T>;
  /** Answers how many rows it touched. */
  $executeRaw(query: TemplateStringsArray | Sql, ...values: unknown[]): Promise<number>;
}
