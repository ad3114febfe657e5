export { type PayableReference, PayableType, type PaymentRequest, payableOwners } from './payment-request.ts';
export { createPaymentRequestSigner, type PaymentRequestSigner } from './signer.ts';
export {
  createPaymentRequestVerifier,
  type PaymentRequestKeys,
  type PaymentRequestVerifier,
} from './verifier.ts';
