import { importJWK, type JWK, SignJWT } from 'jose';
import {
  type PaymentRequest,
  paymentRequestAlgorithm,
  paymentRequestAudience,
  paymentRequestType,
} from './payment-request.ts';

export interface PaymentRequestSigner {
  /** Signs a request that holds until `expiresAt`. */
  sign(request: PaymentRequest, expiresAt: Date): Promise<string>;
  /** The public half, for the owner's JWKS. */
  readonly publicKey: JWK;
}

/**
 * @param owner the subgraph that owns the payables; becomes `iss`.
 * @param privateKey an ES256 private key with a `kid`.
 */
export async function createPaymentRequestSigner(
  owner: string,
  privateKey: JWK,
): Promise<PaymentRequestSigner> {
  const key = await importJWK(privateKey, paymentRequestAlgorithm);
  const { d: _private, ...publicKey } = privateKey;
  return {
    publicKey: { ...publicKey, alg: paymentRequestAlgorithm, use: 'sig' },
    sign: (request, expiresAt) =>
      new SignJWT({ ...request })
        .setProtectedHeader({
          alg: paymentRequestAlgorithm,
          typ: paymentRequestType,
          ...(privateKey.kid ? { kid: privateKey.kid } : {}),
        })
        .setIssuer(owner)
        .setAudience(paymentRequestAudience)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(key),
  };
}
