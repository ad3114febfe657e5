import { UserError, UserErrorCode } from '@suvidha/errors';
import { Directive, Field, ObjectType, registerEnumType } from 'type-graphql';

const descriptions: Readonly<Record<UserErrorCode, string>> = {
  ACCOUNT_SUSPENDED: 'This account is suspended.',
  ALREADY_REGISTERED: 'An account with this phone number or e-mail address exists: log in.',
  AMOUNT_NOT_ALLOWED: 'The amount is outside what may be paid.',
  CHECKOUT_NOT_SUPPORTED:
    'The payment gateway cannot be paid like this: choose another gateway, or another checkout.',
  CREDENTIALS_INCORRECT: 'There is no account with this name and password.',
  CURRENCY_NOT_SUPPORTED: 'The payment gateway does not take this currency: choose another.',
  GATEWAY_UNAVAILABLE: 'The payment gateway cannot take the payment now: try again or choose another.',
  IDEMPOTENCY_CONFLICT: 'This idempotency key was used for another request: use a new one.',
  IDEMPOTENCY_IN_PROGRESS:
    'The first request with this idempotency key is still running: send the same again in a moment.',
  INVALID_INPUT: 'A field breaks a rule that the message names.',
  LAST_ADMIN: 'Nobody else could manage accounts.',
  LAST_WAY_IN: 'Nothing else would let the person into the account.',
  LINK_INVALID: 'This link was used before, is too old, or is not ours: ask for a new one.',
  NOT_FOUND: 'There is no such thing, or it is not yours.',
  NOT_REGISTERED: 'The code is right but there is no account yet: register.',
  OTP_ALREADY_USED: 'This code was used before: ask for a new one.',
  OTP_ATTEMPTS_EXCEEDED: 'Too many wrong codes were given: ask for a new one.',
  OTP_EXPIRED: 'This code has expired: ask for a new one.',
  OTP_INCORRECT: 'The code is wrong.',
  OTP_RESEND_TOO_SOON: 'A code was sent a moment ago: wait before asking again.',
  PASSWORD_NOT_ALLOWED: 'The password is too short, too long, easy to guess or known from a breach.',
  PAYABLE_ALREADY_PAID: 'This has been paid.',
  PAYMENT_NOT_REFUNDABLE: 'No money of this payment can be given back now.',
  PAYMENT_REQUEST_EXPIRED: 'The payment request has expired: ask for a new one.',
  PAYMENT_REQUEST_INVALID: 'The payment request was altered or is not ours.',
  PAYMENT_REQUEST_NOT_YOURS: 'The payment request was made for somebody else.',
  PAYMENT_SIGNATURE_INVALID:
    'What the payment page handed over was not signed by the gateway for this payment.',
  RATE_LIMITED: 'Too many requests: wait before trying again.',
  REFRESH_TOKEN_INVALID: 'The refresh token is unknown, used, revoked or expired: log in again.',
  REFUND_AMOUNT_NOT_ALLOWED: 'The amount is not positive, or more than is left of the payment.',
  RETURN_URL_NOT_ALLOWED: 'The return address is not one that this client app may use.',
  SOCIAL_ACCOUNT_EXISTS:
    'An account with this e-mail address exists: log in to it another way and link the provider there.',
  SOCIAL_ALREADY_LINKED: 'This account at the provider belongs to another account here.',
  SOCIAL_LOGIN_DENIED: 'The person cancelled at the provider.',
  SOCIAL_LOGIN_FAILED: 'What the provider answered could not be verified: start again.',
  SOCIAL_LOGIN_INVALID: 'This login was used before, is too old, or was not begun here: start again.',
  SOCIAL_PROVIDER_UNAVAILABLE: 'The provider cannot be reached now: try again in a moment.',
  STEP_UP_REQUIRED: 'Prove again who you are, by reauthenticate, and repeat the request.',
};

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a mutation did not do what was asked, in a word that never changes.',
  valuesConfig: Object.fromEntries(
    Object.entries(descriptions).map(([code, description]) => [code, { description }]),
  ),
});

@ObjectType('UserError', { description: 'An outcome that the person can act on.' })
@Directive('@shareable')
export class UserErrorType {
  @Field(() => UserErrorCode, { description: 'What to match on.' })
  code!: UserErrorCode;

  @Field(() => String, { description: 'A sentence to show. It may change; the code does not.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The path of the input field to show it at, such as `["input", "code"]`. Null: no field.',
  })
  field!: string[] | null;
}

/**
 * Runs a mutation's use case; a {@link UserError} becomes an entry of `userErrors` beside `otherwise`, everything
 * else is thrown on.
 */
export async function withUserErrors<Payload extends object>(
  otherwise: Payload,
  useCase: () => Promise<Payload>,
): Promise<Payload & { userErrors: UserErrorType[] }> {
  try {
    return { ...(await useCase()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, field } = error;
    return { ...otherwise, userErrors: [{ code, message, field: field && [...field] }] };
  }
}
