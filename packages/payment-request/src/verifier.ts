import { isKeySourceDown } from '@suvidha/auth';
import { AppError, UserError, UserErrorCode } from '@suvidha/errors';
import { decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import {
  type PaymentRequest,
  payableOwners,
  paymentRequestAlgorithm,
  paymentRequestAudience,
  paymentRequestClaims,
  paymentRequestType,
} from './payment-request.ts';

/** Finds the public keys of each owner. */
export type PaymentRequestKeys = Readonly<Record<string, JWTVerifyGetKey>>;

/** Reads a payment request that a client presents. */
export type PaymentRequestVerifier = (token: string) => Promise<PaymentRequest>;

const field = ['input', 'paymentRequest'];

/**
 * @returns a verifier that throws UserError PAYMENT_REQUEST_EXPIRED or PAYMENT_REQUEST_INVALID, and AppError
 * UPSTREAM_UNAVAILABLE when the owner's keys cannot be had.
 */
export function createPaymentRequestVerifier(keys: PaymentRequestKeys): PaymentRequestVerifier {
  return async (token) => {
    const issuer = issuerOf(token);
    const ownerKeys = issuer === undefined || !Object.hasOwn(keys, issuer) ? undefined : keys[issuer];
    if (!issuer || !ownerKeys) throw invalid();
    const claims = await verifySignature(token, issuer, ownerKeys);
    const request = paymentRequestClaims.safeParse(claims);
    if (!request.success || payableOwners[request.data.payable.type] !== issuer) throw invalid();
    return request.data;
  };
}

async function verifySignature(token: string, issuer: string, keys: JWTVerifyGetKey): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: paymentRequestAudience,
      algorithms: [paymentRequestAlgorithm],
      typ: paymentRequestType,
      requiredClaims: ['exp', 'jti'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw new UserError(
        UserErrorCode.PAYMENT_REQUEST_EXPIRED,
        'This payment request has expired: ask for a new one.',
        field,
      );
    if (isKeySourceDown(error))
      throw new AppError('UPSTREAM_UNAVAILABLE', 'Payment requests cannot be checked right now.', {
        cause: error,
      });
    throw invalid();
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw invalid();
  }
}

function invalid(): UserError {
  return new UserError(
    UserErrorCode.PAYMENT_REQUEST_INVALID,
    'This is not a payment request of ours: ask the bill or order for one.',
    field,
  );
}
