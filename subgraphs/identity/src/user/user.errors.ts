import { UserError, UserErrorCode } from '@suvidha/errors';
import { parseUsername } from './user.rules.ts';

/**
 * The name in its one spelling; null when none is given.
 * @throws UserError INVALID_INPUT when it breaks a rule.
 */
export function readUsername(username: string | null | undefined): string | null {
  if (username === null || username === undefined) return null;
  const name = parseUsername(username);
  if (name !== null) return name;
  throw new UserError(
    UserErrorCode.INVALID_INPUT,
    'A username is one line of 1 to 50 characters that can be seen, without @, and does not start with +.',
    ['input', 'username'],
  );
}

export function alreadyRegistered(): UserError {
  return new UserError(
    UserErrorCode.ALREADY_REGISTERED,
    'An account with this phone number, e-mail address or username exists.',
  );
}

export function userNotFound(): UserError {
  return new UserError(UserErrorCode.NOT_FOUND, 'There is no such account.', ['input', 'userId']);
}
