import type { Outcome } from '../payer/outcome.ts';
import { createId } from './id.ts';

/** What the payer paid with. */
export type Instrument =
  | { method: 'upi'; vpa: string }
  | { method: 'card'; id: string; last4: string; network: string; name: string }
  | { method: 'netbanking'; bank: string };

/** The banks on offer, by Razorpay's bank codes. */
export const banks = {
  HDFC: 'HDFC Bank',
  ICIC: 'ICICI Bank',
  SBIN: 'State Bank of India',
  UTIB: 'Axis Bank',
} as const;

/** What a payer enters in the checkout form. */
export interface PayerInput {
  method: 'upi' | 'card' | 'netbanking';
  vpa: string;
  cardNumber: string;
  otp: string;
  bank: string;
}

/** Razorpay's test instruments, offered as defaults. */
export const examplePayer: PayerInput = {
  method: 'upi',
  vpa: 'success@razorpay',
  cardNumber: '4100 2800 0000 1007',
  otp: '123456',
  bank: 'HDFC',
};

/** Razorpay's test cards that fail in one way (https://razorpay.com/docs/payments/payments/test-card-details). */
const CARD_OUTCOMES: Record<string, Outcome> = {
  '4100280000080001': 'insufficient-funds',
  '4100280000090000': 'timed-out',
  '4100280000070002': 'cancelled',
  '4100280000060003': 'card-declined',
  '4100280000010008': 'card-number-invalid',
  '4100280000020007': 'gateway-error',
};

const NETWORKS: [RegExp, string][] = [
  [/^4/, 'Visa'],
  [/^5/, 'MasterCard'],
  [/^6/, 'RuPay'],
];

export function toInstrument(input: PayerInput): Instrument {
  switch (input.method) {
    case 'upi':
      return { method: 'upi', vpa: input.vpa.trim() };
    case 'card': {
      const digits = toDigits(input.cardNumber);
      const network = NETWORKS.find(([prefix]) => prefix.test(digits))?.[1] ?? 'Unknown';
      return {
        method: 'card',
        id: createId('card'),
        last4: digits.slice(-4),
        network,
        name: 'Sandbox Payer',
      };
    }
    case 'netbanking':
      return { method: 'netbanking', bank: input.bank in banks ? input.bank : examplePayer.bank };
  }
}

/** What Razorpay's test mode makes of what the payer entered. */
export function toOutcome(input: PayerInput): Outcome {
  switch (input.method) {
    case 'upi':
      return toUpiOutcome(input.vpa.trim());
    case 'card':
      return toCardOutcome(toDigits(input.cardNumber), input.otp.trim());
    case 'netbanking':
      return 'success';
  }
}

function toUpiOutcome(vpa: string): Outcome {
  if (!/^[\w.-]{2,256}@[A-Za-z]{2,64}$/.test(vpa)) return 'invalid-vpa';
  return vpa === 'failure@razorpay' ? 'decline' : 'success';
}

function toCardOutcome(digits: string, otp: string): Outcome {
  if (!/^\d{12,19}$/.test(digits)) return 'card-number-invalid';
  const magic = CARD_OUTCOMES[digits];
  if (magic !== undefined) return magic;
  return /^\d{4,10}$/.test(otp) ? 'success' : 'invalid-otp';
}

function toDigits(text: string): string {
  return text.replace(/[\s-]/g, '');
}
