import type { Outcome } from '../payer/outcome.ts';
import type { PaymentMode } from './account.ts';

/** What a payer enters in the checkout form. */
export interface PayerInput {
  method: PaymentMode;
  vpa: string;
  cardNumber: string;
  otp: string;
}

/** Offered as defaults. */
export const examplePayer: PayerInput = {
  method: 'PPI',
  vpa: 'success@paytm',
  cardNumber: '4111 1111 1111 1111',
  otp: '489871',
};

/** What becomes of what the payer entered; a short one-time password and `failure@paytm` fail. */
export function toOutcome({ method, vpa, cardNumber, otp }: PayerInput): Outcome {
  switch (method) {
    case 'UPI':
      if (!/^[\w.-]{2,256}@[A-Za-z]{2,64}$/.test(vpa.trim())) return 'invalid-vpa';
      return vpa.trim() === 'failure@paytm' ? 'decline' : 'success';
    case 'DC':
      if (!/^\d{12,19}$/.test(cardNumber.replace(/[\s-]/g, ''))) return 'card-number-invalid';
      return /^\d{4,10}$/.test(otp.trim()) ? 'success' : 'invalid-otp';
    case 'PPI':
    case 'NB':
      return 'success';
  }
}
