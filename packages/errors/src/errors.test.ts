import { describe, expect, it } from 'vitest';
import { AppError, errorCodes, UserError, UserErrorCode } from './index.ts';

describe('AppError', () => {
  it('keeps what the client may know apart from the cause', () => {
    const cause = new Error('for the log');
    const error = new AppError('FAILED_PRECONDITION', 'Subscribe anew.', {
      reason: 'CURSOR_EXPIRED',
      field: ['after'],
      cause,
    });
    expect(error).toMatchObject({
      name: 'AppError',
      code: 'FAILED_PRECONDITION',
      message: 'Subscribe anew.',
      reason: 'CURSOR_EXPIRED',
      field: ['after'],
    });
    expect(error.cause).toBe(cause);
    expect(error).toBeInstanceOf(Error);
  });

  it('has none of them unless given', () => {
    const error = new AppError('NOT_FOUND', 'Nothing.');
    expect([error.reason, error.field, 'cause' in error]).toEqual([undefined, undefined, false]);
  });
});

describe('UserError', () => {
  it('names the field, or null for none', () => {
    const code = UserErrorCode.OTP_EXPIRED;
    expect(new UserError(code, 'Ask again.')).toMatchObject({ name: 'UserError', code, field: null });
    expect(new UserError(code, 'Ask again.', ['input', 'code']).field).toEqual(['input', 'code']);
  });
});

it('has codes that read as they are written, each once', () => {
  expect(new Set(errorCodes).size).toBe(errorCodes.length);
  for (const [key, code] of Object.entries(UserErrorCode)) expect(code).toBe(key);
});
