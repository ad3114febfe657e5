/**
 * The closed set of codes a client may meet in `errors[].extensions.code`.
 * Codes are the contract; sentences are not.
 */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'FAILED_PRECONDITION',
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface AppErrorOptions {
  /** The domain's word for what happened, such as `CURSOR_EXPIRED`. Default: none. */
  readonly reason?: string;
  /** Where in the input the fault is, as a path of names. Never the value. Default: none. */
  readonly field?: readonly string[];
  /** What caused it; goes to the log, never to the client. */
  readonly cause?: unknown;
}

/**
 * A failure whose message is safe to show to the client. Everything else that is thrown becomes
 * `INTERNAL_SERVER_ERROR` with a request id.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly field: readonly string[] | undefined;

  constructor(code: ErrorCode, safeMessage: string, options: AppErrorOptions = {}) {
    super(safeMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.reason;
    this.field = options.field;
  }
}
