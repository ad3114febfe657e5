export { raw } from '@prisma/client/runtime/client';
export { uuidv7 } from 'uuidv7';
export { withAdvisoryLock } from './advisory-lock.ts';
export { createClientOptions } from './client-options.ts';
export { diffSchema } from './diff-schema.ts';
export { isConflict, isUniqueViolation } from './driver-error.ts';
export { ensureDatabase } from './ensure-database.ts';
export { MigrationError, type MigrationOptions, runMigrations } from './migrations.ts';
export { createPool, type PoolOptions } from './pool.ts';
export type { SqlClient } from './sql-client.ts';
export {
  type IsolationLevel,
  type TransactionHost,
  type TransactionOptions,
  transaction,
} from './transaction.ts';
export { isUuid } from './uuid.ts';
