/** What of the driver adapter's mapped error (Prisma 7.10) we read. */
interface DriverError {
  readonly kind?: string;
  readonly constraint?: { readonly index?: string; readonly fields?: readonly string[] };
}

/**
 * The database's error behind one that Prisma threw: Prisma wraps it where a model or raw query failed, and throws the
 * adapter's own error where the commit failed.
 */
function findDriverError(error: unknown): DriverError | null {
  if (!(error instanceof Error)) return null;
  const { meta } = error as { meta?: { driverAdapterError?: Error } };
  const { cause } = meta?.driverAdapterError ?? error;
  return typeof cause === 'object' ? cause : null;
}

/**
 * Whether the database ended the transaction because of a conflict with another one: serialization failure (40001) or
 * deadlock (40P01). Prisma's `P2034` covers model queries only, not raw ones and not the commit.
 */
export function isConflict(error: unknown): boolean {
  const isPrismaConflict = error instanceof Error && 'code' in error && error.code === 'P2034';
  return isPrismaConflict || findDriverError(error)?.kind === 'TransactionWriteConflict';
}

/**
 * Whether a write hit a unique constraint or index, of a model query or of raw SQL.
 *
 * @param constraint its name in the database, such as `payment_idempotency_key_key`; any when absent
 */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const driverError = findDriverError(error);
  if (driverError?.kind !== 'UniqueConstraintViolation') return false;
  return constraint === undefined || driverError.constraint?.index === constraint;
}
