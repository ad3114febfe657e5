import { UserError, UserErrorCode } from '@suvidha/errors';

const stateField = ['input', 'state'];

/** What a person is told about logins at providers. */
export const socialErrors = {
  notOffered: () =>
    new UserError(UserErrorCode.INVALID_INPUT, 'This provider is not offered.', ['input', 'provider']),
  redirectNotAllowed: () =>
    new UserError(
      UserErrorCode.RETURN_URL_NOT_ALLOWED,
      'This client app may not get people back at this address.',
      ['input', 'redirectUri'],
    ),
  challengeNeeded: () =>
    new UserError(
      UserErrorCode.INVALID_INPUT,
      'A code challenge of 43 characters (S256) is needed for an address that is not a web page.',
      ['input', 'codeChallenge'],
    ),
  invalid: () =>
    new UserError(
      UserErrorCode.SOCIAL_LOGIN_INVALID,
      'This login was used before, is too old, or was not begun here: start again.',
      stateField,
    ),
  denied: () =>
    new UserError(UserErrorCode.SOCIAL_LOGIN_DENIED, 'The login was cancelled at the provider.', stateField),
  failed: () =>
    new UserError(
      UserErrorCode.SOCIAL_LOGIN_FAILED,
      'What the provider answered could not be verified: start again.',
      ['input', 'code'],
    ),
  unavailable: () =>
    new UserError(
      UserErrorCode.SOCIAL_PROVIDER_UNAVAILABLE,
      'The provider cannot be reached now: try again in a moment.',
    ),
  accountExists: () =>
    new UserError(
      UserErrorCode.SOCIAL_ACCOUNT_EXISTS,
      'An account with this e-mail address exists, and it is not proven on both sides to be yours: log in to it another way and link it there.',
    ),
  alreadyLinked: () =>
    new UserError(
      UserErrorCode.SOCIAL_ALREADY_LINKED,
      'This account at the provider belongs to another account here.',
    ),
  lastWayIn: () =>
    new UserError(
      UserErrorCode.LAST_WAY_IN,
      'This is the only way into the account: add a phone number, an e-mail address or a password first.',
      ['input', 'id'],
    ),
  notFound: () => new UserError(UserErrorCode.NOT_FOUND, 'There is no such linked account.', ['input', 'id']),
};
