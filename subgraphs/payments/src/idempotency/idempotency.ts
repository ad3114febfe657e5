import { createHash } from 'node:crypto';
import { UserError, UserErrorCode } from '@suvidha/errors';
import { z } from 'zod';
import type { Db } from '../db.ts';

const field = ['input', 'idempotencyKey'];

/** A request that a client may repeat. */
export interface RepeatableRequest {
  /** Who asks: the payer, or the person of staff. Two people may use the same key. */
  readonly scope: string;
  /** The mutation. */
  readonly operation: string;
  readonly key: string;
  /** What makes two requests the same: {@link hashRequest} of everything but the key. */
  readonly requestHash: string;
}

/** What came of a request, now or when it came first. */
export type RepeatableAnswer =
  | { readonly resourceId: string; readonly refusal: null; readonly isRepeated: boolean }
  | { readonly resourceId: null; readonly refusal: UserError; readonly isRepeated: boolean };

export function hashRequest(...parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** @throws UserError INVALID_INPUT. */
export function assertIdempotencyKey(key: string): void {
  if (key.length < 8 || key.length > 128)
    throw new UserError(UserErrorCode.INVALID_INPUT, 'idempotencyKey must have 8 to 128 characters.', field);
}

/**
 * The answer that an earlier request with this key got, or null.
 * @throws UserError IDEMPOTENCY_CONFLICT when that was another request.
 */
export async function findAnswer(tx: Db, request: RepeatableRequest): Promise<RepeatableAnswer | null> {
  const { scope, operation, key } = request;
  const known = await tx.idempotencyKey.findUnique({
    where: { scope_operation_key: { scope, operation, key } },
  });
  if (!known) return null;
  if (known.requestHash !== request.requestHash)
    throw new UserError(
      UserErrorCode.IDEMPOTENCY_CONFLICT,
      'This idempotency key was used for another request: use a new one.',
      field,
    );
  return known.resourceId === null
    ? { resourceId: null, refusal: toRefusal(known.refusal), isRepeated: true }
    : { resourceId: known.resourceId, refusal: null, isRepeated: true };
}

/**
 * Does the work of a request once, in the caller's transaction, and keeps its answer there. A second request with the
 * same key waits until the first has committed, and then gets its answer. A {@link UserError} of the work is an answer
 * like any other, so the work throws it before it has written anything.
 */
export async function answerOnce(
  tx: Db,
  request: RepeatableRequest & { readonly resourceId: string; readonly now: Date },
  work: () => Promise<void>,
): Promise<RepeatableAnswer> {
  const { scope, operation, key, requestHash, resourceId, now } = request;
  const inserted = await tx.$executeRaw`insert into idempotency_key
      (scope, operation, key, request_hash, resource_id, created_at)
    values (${scope}, ${operation}, ${key}, ${requestHash}, ${resourceId}::uuid, ${now}::timestamptz)
    on conflict do nothing`;
  if (inserted === 0) return getAnswer(tx, request);
  try {
    await work();
    return { resourceId, refusal: null, isRepeated: false };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, field: path } = error;
    await tx.idempotencyKey.update({
      where: { scope_operation_key: { scope, operation, key } },
      data: { resourceId: null, refusal: { code, message, field: path && [...path] } },
    });
    return { resourceId: null, refusal: error, isRepeated: false };
  }
}

async function getAnswer(tx: Db, request: RepeatableRequest): Promise<RepeatableAnswer> {
  const answer = await findAnswer(tx, request);
  if (!answer) throw new Error('an idempotency key that cannot be inserted is there');
  return answer;
}

const storedRefusal = z.object({
  code: z.enum(UserErrorCode),
  message: z.string(),
  field: z.array(z.string()).nullable(),
});

function toRefusal(stored: unknown): UserError {
  const { code, message, field: path } = storedRefusal.parse(stored);
  return new UserError(code, message, path);
}
