import { type Logger, pino } from 'pino';

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
}

/** One JSON line per entry on standard output, secrets and personal data removed. */
export function createLog({ service, level = 'info' }: LogOptions): Log {
  return pino({
    level,
    base: { service },
    redact: { paths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: toSafeError, error: toSafeError },
  });
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
