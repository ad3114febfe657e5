import { UserError, UserErrorCode } from '@suvidha/errors';
import { isUsername } from './user.rules.ts';

/** @throws UserError INVALID_INPUT when a name is given that breaks a rule. */
export function assertUsername(username: string | null | undefined): void {
  if (username === null || username === undefined || isUsername(username)) return;
  throw new UserError(
    UserErrorCode.INVALID_INPUT,
    'A username is one line of 1 to 50 characters, without @, and does not start with +.',
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
