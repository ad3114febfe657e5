import type { FailureName } from '../payer/outcome.ts';

/** Why a payment failed, in Razorpay's words. */
export interface Failure {
  code: 'BAD_REQUEST_ERROR' | 'GATEWAY_ERROR';
  description: string;
  source: string;
  step: string;
  reason: string;
}

/** What the ways to spoil a payment are called at Razorpay. */
export const failures: Record<FailureName, Failure> = {
  decline: {
    code: 'BAD_REQUEST_ERROR',
    description: 'Your payment was declined by the bank. Try again, or use another way to pay.',
    source: 'bank',
    step: 'payment_authorization',
    reason: 'payment_failed',
  },
  'insufficient-funds': {
    code: 'BAD_REQUEST_ERROR',
    description: 'The account does not have enough money for this payment. Try another account.',
    source: 'customer',
    step: 'payment_authorization',
    reason: 'insufficient_fund',
  },
  'timed-out': {
    code: 'BAD_REQUEST_ERROR',
    description: 'The payment was not completed in time. Try again.',
    source: 'customer',
    step: 'payment_authentication',
    reason: 'payment_timed_out',
  },
  cancelled: {
    code: 'BAD_REQUEST_ERROR',
    description: 'You cancelled the payment. Try again when you are ready.',
    source: 'customer',
    step: 'payment_authentication',
    reason: 'payment_cancelled',
  },
  'card-declined': {
    code: 'BAD_REQUEST_ERROR',
    description: 'The bank that issued the card declined it. Try another card.',
    source: 'issuer_bank',
    step: 'payment_authorization',
    reason: 'card_declined',
  },
  'card-number-invalid': {
    code: 'BAD_REQUEST_ERROR',
    description: 'The card number is not correct. Check it and try again.',
    source: 'customer',
    step: 'payment_initiation',
    reason: 'card_number_invalid',
  },
  'invalid-otp': {
    code: 'BAD_REQUEST_ERROR',
    description: 'The one-time password is not correct. Try again.',
    source: 'customer',
    step: 'payment_authentication',
    reason: 'invalid_otp',
  },
  'invalid-vpa': {
    code: 'BAD_REQUEST_ERROR',
    description: 'The UPI id is not correct. Check it and try again.',
    source: 'customer',
    step: 'payment_initiation',
    reason: 'invalid_vpa',
  },
  'gateway-error': {
    code: 'GATEWAY_ERROR',
    description: 'Your payment could not be completed because of a technical fault. Try again.',
    source: 'gateway',
    step: 'payment_authorization',
    reason: 'gateway_technical_error',
  },
};
