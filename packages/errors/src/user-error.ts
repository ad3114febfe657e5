/**
 * Outcomes of a mutation that a person can act on, returned in `userErrors` and not thrown at the client.
 * Clients match these codes; a code is never renamed and never given a second meaning.
 */
export enum UserErrorCode {
  ALREADY_REGISTERED = 'ALREADY_REGISTERED',
  AMOUNT_NOT_ALLOWED = 'AMOUNT_NOT_ALLOWED',
  GATEWAY_UNAVAILABLE = 'GATEWAY_UNAVAILABLE',
  IDEMPOTENCY_CONFLICT = 'IDEMPOTENCY_CONFLICT',
  INVALID_INPUT = 'INVALID_INPUT',
  NOT_FOUND = 'NOT_FOUND',
  NOT_REGISTERED = 'NOT_REGISTERED',
  OTP_ALREADY_USED = 'OTP_ALREADY_USED',
  OTP_ATTEMPTS_EXCEEDED = 'OTP_ATTEMPTS_EXCEEDED',
  OTP_EXPIRED = 'OTP_EXPIRED',
  OTP_INCORRECT = 'OTP_INCORRECT',
  OTP_RESEND_TOO_SOON = 'OTP_RESEND_TOO_SOON',
  PAYABLE_ALREADY_PAID = 'PAYABLE_ALREADY_PAID',
  PAYMENT_REQUEST_EXPIRED = 'PAYMENT_REQUEST_EXPIRED',
  PAYMENT_REQUEST_INVALID = 'PAYMENT_REQUEST_INVALID',
  PAYMENT_REQUEST_NOT_YOURS = 'PAYMENT_REQUEST_NOT_YOURS',
  RATE_LIMITED = 'RATE_LIMITED',
  REFRESH_TOKEN_INVALID = 'REFRESH_TOKEN_INVALID',
  RETURN_URL_NOT_ALLOWED = 'RETURN_URL_NOT_ALLOWED',
}

/** Thrown by services; the resolver turns it into an entry of `userErrors`. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: UserErrorCode;
  /** Path of the input field to show the message at, or null when it belongs to no field. */
  readonly field: readonly string[] | null;

  constructor(code: UserErrorCode, safeMessage: string, field: readonly string[] | null = null) {
    super(safeMessage);
    this.code = code;
    this.field = field;
  }
}
