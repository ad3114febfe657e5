import { type DestinationStream, type LogFn, type Logger, type LoggerOptions, pino } from 'pino';

export type Log = Logger;

/** Keys whose values never reach a log line, at any of the depths we log objects at. */
const secretKeys = [
  'accessToken',
  'refreshToken',
  'authorization',
  'password',
  'code',
  'otp',
  'secret',
  'token',
  'phoneNumber',
  'email',
  'paymentRequest',
  'variables',
];

const paths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

export interface LogOptions {
  /** Which part of the product speaks. */
  readonly service: string;
  /** pino level; default `info`. `silent` switches logging off. */
  readonly level?: string;
  /** Where lines go. Default: standard output. */
  readonly destination?: DestinationStream;
}

/** One JSON line per entry, secrets and personal data removed. */
export function createLog({ service, level = 'info', destination }: LogOptions): Log {
  const options: LoggerOptions = {
    level,
    base: { service },
    redact: { paths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: toSafeError, error: toSafeError },
    hooks: { logMethod: withoutBorrowedMessage },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** pino takes the message of an error that is logged without a sentence; ours logs only what is safe of it. */
function withoutBorrowedMessage(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, ...rest] = args as unknown[];
  const entry = first instanceof Error ? { err: first } : first;
  const hasMessage = typeof entry === 'string' || rest.length > 0;
  Reflect.apply(method, this, hasMessage ? [entry, ...rest] : [entry, 'no message']);
}

/**
 * What of an error is fit for a log: names, codes and where it happened. Messages of foreign errors stay out
 * of it, because drivers put values of rows and parameters into them.
 */
function toSafeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    errorCode: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    message: error.name === 'AppError' ? error.message : undefined,
    at: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 8)
      .map((line) => line.trim()),
    cause: error.cause === undefined ? undefined : toSafeError(error.cause),
  };
}
