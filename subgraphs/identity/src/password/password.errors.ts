import { UserError, UserErrorCode } from '@suvidha/errors';
import { type PasswordPolicy, passwordLength } from './password.policy.ts';

const messages: Readonly<Record<NonNullable<ReturnType<PasswordPolicy['findFault']>>, string>> = {
  TOO_SHORT: `A password has at least ${passwordLength.min} characters.`,
  TOO_LONG: `A password has at most ${passwordLength.max} characters.`,
  TOO_EASY: 'This password is easy to guess or known from a breach: choose another.',
};

/** @throws UserError PASSWORD_NOT_ALLOWED that names the field. */
export function assertAllowed(
  policy: PasswordPolicy,
  password: string,
  { personal, field }: { personal: readonly (string | null | undefined)[]; field: string },
): void {
  const fault = policy.findFault(
    password,
    personal.filter((text) => typeof text === 'string'),
  );
  if (fault) throw new UserError(UserErrorCode.PASSWORD_NOT_ALLOWED, messages[fault], ['input', field]);
}

/** One answer, whether the name is unknown, has no password, or another one. */
export function credentialsIncorrect(field: string): UserError {
  return new UserError(
    UserErrorCode.CREDENTIALS_INCORRECT,
    'There is no account with this name and password.',
    ['input', field],
  );
}
