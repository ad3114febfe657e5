import { describe, expect, it } from 'vitest';
import { createLog, type Log } from './index.ts';

const canary = 'canary-0123456789';

/** What a log writes, parsed. */
function record(write: (log: Log) => void, level = 'trace'): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog({ service: 'test', level, destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line));
}

const text = (lines: readonly object[]) => JSON.stringify(lines);

describe('a log line', () => {
  it('is JSON with time, service and what was said', () => {
    const lines = record((log) => log.info({ port: 4000 }, 'listening'));
    expect(lines).toEqual([
      { level: 30, time: expect.any(String), service: 'test', port: 4000, msg: 'listening' },
    ]);
    expect(new Date(String(lines[0]?.time)).toISOString()).toBe(lines[0]?.time);
  });

  it('is written from the level on that was chosen', () => {
    const say = (log: Log) => {
      log.info('quiet');
      log.warn('loud');
    };
    expect(record(say, 'warn')).toMatchObject([{ msg: 'loud' }]);
    expect(record(say, 'silent')).toEqual([]);
  });

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
  it.each(secretKeys)('never holds the value of %s, three levels deep', (key) => {
    const secret = { [key]: canary };
    const lines = record((log) => {
      log.info(secret, 'top');
      log.info({ request: secret }, 'nested');
      log.info({ request: { headers: secret } }, 'deep');
      log.child(secret).info('child');
    });
    expect(lines).toHaveLength(4);
    expect(text(lines)).not.toContain(canary);
  });
});

describe('an error in the log', () => {
  const driverError = () =>
    Object.assign(new Error(`duplicate key (${canary})`, { cause: new TypeError(canary) }), {
      name: 'DriverError',
      code: '23505',
      detail: canary,
      parameters: [canary],
    });

  it('says its name, code and place, and those of its cause', () => {
    const [line] = record((log) => log.error({ error: driverError() }, 'failed'));
    expect(line).toMatchObject({
      msg: 'failed',
      error: {
        type: 'DriverError',
        errorCode: '23505',
        at: expect.arrayContaining([expect.stringMatching(/^at .*log\.test\.ts/)]),
        cause: { type: 'TypeError' },
      },
    });
  });

  it.each([
    ['as error', (log: Log) => log.error({ error: driverError() }, 'failed')],
    ['as err', (log: Log) => log.error({ err: driverError() }, 'failed')],
    ['without a sentence', (log: Log) => log.error({ err: driverError() })],
    ['alone', (log: Log) => log.error(driverError())],
    ['with a sentence behind', (log: Log) => log.error(driverError(), 'failed')],
    ['that is no error', (log: Log) => log.error({ error: canary }, 'failed')],
    [
      'with a code that is an object',
      (log: Log) => log.error({ error: Object.assign(new Error(canary), { code: { canary } }) }, 'failed'),
    ],
  ])('never says its message: %s', (_how, write) => {
    const lines = record(write);
    expect(lines).toHaveLength(1);
    expect(text(lines)).not.toContain(canary);
  });

  it('says the message of our own errors, which are made to be shown', () => {
    const error = Object.assign(new Error('Twilio answered 500.'), { name: 'AppError' });
    expect(record((log) => log.warn({ error }, 'failed'))).toMatchObject([
      { error: { type: 'AppError', message: 'Twilio answered 500.' } },
    ]);
  });
});
