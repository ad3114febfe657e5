import type { FailureName } from '../payer/outcome.ts';
import type { Failure } from './account.ts';

const DECLINED = 'Your payment has been declined by your bank. Please try again or use a different method.';
const FAILED = 'Your payment failed because of a technical error. Please try again.';

/** What the ways to spoil a payment are called at Paytm (https://www.paytmpayments.com/docs/api/v3/transaction-status-api). */
export const failures: Record<FailureName, Failure> = {
  decline: { code: '227', message: DECLINED },
  'insufficient-funds': { code: '235', message: 'Wallet balance insufficient.' },
  'timed-out': { code: '810', message: FAILED },
  cancelled: { code: '141', message: 'User has not completed transaction.' },
  'card-declined': { code: '401', message: DECLINED },
  'card-number-invalid': { code: '843', message: FAILED },
  'invalid-otp': { code: '820', message: FAILED },
  'invalid-vpa': { code: '295', message: 'Your payment failed as the UPI ID entered is incorrect.' },
  'gateway-error': { code: '810', message: FAILED },
};
