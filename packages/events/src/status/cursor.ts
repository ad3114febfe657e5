import { AppError } from '@suvidha/errors';

/** The cursor of a status event: the aggregate's version as text. */
export function toCursor(version: number): string {
  return String(version);
}

/**
 * Reads the `after` argument of a status subscription.
 * @throws AppError BAD_USER_INPUT (reason `CURSOR_INVALID`) when it is not one of our cursors.
 */
export function parseCursor(after: string): number {
  if (!/^\d{1,9}$/.test(after)) throw cursorInvalid();
  return Number(after);
}

export function cursorInvalid(): AppError {
  return new AppError('BAD_USER_INPUT', 'after must be the cursor of an earlier event.', {
    reason: 'CURSOR_INVALID',
    field: ['after'],
  });
}
