/** A refusal in Descope's own shape: `errorCode`, `errorDescription`, `errorMessage`. */
export class DescopeError extends Error {
  readonly status: number;
  /** Undefined: a fault within Descope, which has none. */
  readonly code: string | undefined;
  readonly description: string;

  constructor(status: number, code: string | undefined, description: string, message = description) {
    super(message);
    this.status = status;
    this.code = code;
    this.description = description;
  }

  toBody(): Record<string, string | undefined> {
    return { errorCode: this.code, errorDescription: this.description, errorMessage: this.message };
  }
}

/** Descope's refusals by name, with the codes of its SDKs. */
export const descopeErrors = {
  malformed: () => new DescopeError(400, 'E011001', 'Request is malformed', 'The body is not JSON'),
  missing: (field: string) =>
    new DescopeError(
      400,
      'E011002',
      'Request is missing required arguments',
      `The ${field} field is required`,
    ),
  invalid: (field: string) =>
    new DescopeError(400, 'E011003', 'Request is invalid', `The ${field} field is not valid`),
  unauthorized: () => new DescopeError(401, 'E011004', 'Request has invalid arguments', 'Unknown project'),
  wrongCode: () => new DescopeError(401, 'E061102', 'Wrong one-time code', 'Failed to verify the code'),
  tooManyAttempts: () =>
    new DescopeError(401, 'E061103', 'Too many one-time code attempts', 'Ask for a new code'),
  codeExpired: () => new DescopeError(401, 'E061104', 'One-time code has expired', 'Ask for a new code'),
  userExists: () => new DescopeError(400, 'E062107', 'User already exists'),
  userNotFound: () => new DescopeError(400, 'E062108', 'User not found', 'Cannot find user'),
  oauthFailed: () =>
    new DescopeError(401, 'E011004', 'Request has invalid arguments', 'The code is not valid'),
  loggedOut: () => new DescopeError(401, 'E064001', 'Token expired due to logout', 'The user logged out'),
  invalidToken: () =>
    new DescopeError(401, 'E011004', 'Request has invalid arguments', 'The token is not valid'),
  rateLimited: () => new DescopeError(429, 'E130429', 'Rate limit exceeded', 'Try again later'),
  internal: () => new DescopeError(500, undefined, 'Internal server error'),
};
