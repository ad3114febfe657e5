import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { subgraphVariables } from '@suvidha/subgraph';
import { z } from 'zod';

const feeBasisPoints = z.coerce.number('must be a number').int('must be a whole number').min(0).max(10_000);

const hasQrCodes = z.stringbool('must be true or false').default(true);

/** AES-128 takes keys of 16 bytes. */
const merchantKeys = kinds.list.refine(
  (keys) => keys.every((key) => Buffer.byteLength(key) === 16),
  'must be keys of 16 characters, separated by commas',
);

/** Everything the payments process reads from its environment. */
export const paymentsVariables = {
  ...subgraphVariables('payments'),
  razorpay: {
    baseUrl: variable('RAZORPAY_BASE_URL', kinds.url.default('https://api.razorpay.com/v1'), {
      description: 'Address of the Razorpay API, with its version.',
      example: 'https://api.razorpay.com/v1',
    }),
    scriptUrl: variable(
      'RAZORPAY_CHECKOUT_SCRIPT_URL',
      kinds.url.default('https://checkout.razorpay.com/v1/checkout.js'),
      {
        description: 'Address of the script that opens Razorpay on our checkout page.',
        example: 'https://checkout.razorpay.com/v1/checkout.js',
      },
    ),
    keyId: variable('RAZORPAY_KEY_ID', z.string().min(1), { description: 'Razorpay API key.' }),
    keySecret: variable('RAZORPAY_KEY_SECRET', z.string().min(1), {
      description: 'Secret of the Razorpay API key.',
    }),
    webhookSecrets: variable('RAZORPAY_WEBHOOK_SECRETS', kinds.list, {
      description:
        'Secrets that sign webhooks, separated by commas: the new one and, while rotating, the old one.',
    }),
    hasQrCodes: variable('RAZORPAY_QR_CODES_ENABLED', hasQrCodes, {
      description: 'Whether Razorpay has enabled UPI QR codes for the account, which it does on request.',
      example: 'true',
    }),
    feeBasisPoints: variable('RAZORPAY_FEE_BASIS_POINTS', feeBasisPoints.default(200), {
      description: 'What Razorpay charges by our contract, in hundredths of a percent before tax.',
      example: '200',
    }),
  },
  paytm: {
    baseUrl: variable('PAYTM_BASE_URL', kinds.url.default('https://secure.paytmpayments.com'), {
      description: "Address of Paytm's payment gateway.",
      example: 'https://secure.paytmpayments.com',
    }),
    pageUrl: variable('PAYTM_PAGE_URL', kinds.url.optional(), {
      description: "Address of Paytm's pages for browsers. Absent: PAYTM_BASE_URL.",
    }),
    mid: variable('PAYTM_MID', z.string().min(1).max(20).optional(), {
      description: "The merchant's id at Paytm. Absent: payers are not offered Paytm.",
    }),
    merchantKeys: variable('PAYTM_MERCHANT_KEYS', merchantKeys.default([]), {
      description:
        "The merchant's keys at Paytm, separated by commas: the one that signs and, while rotating, the old one.",
    }),
    websiteName: variable('PAYTM_WEBSITE_NAME', z.string().min(1).default('DEFAULT'), {
      description: 'The website name that Paytm gave; WEBSTAGING in its staging environment.',
      example: 'DEFAULT',
    }),
    hasQrCodes: variable('PAYTM_QR_CODES_ENABLED', hasQrCodes, {
      description: 'Whether Paytm has enabled dynamic QR codes for the merchant, which it does on request.',
      example: 'true',
    }),
    clientId: variable('PAYTM_CLIENT_ID', z.string().min(1).default('C11'), {
      description: 'What Paytm calls the key that signs requests for QR codes.',
      example: 'C11',
    }),
    feeBasisPoints: variable('PAYTM_FEE_BASIS_POINTS', feeBasisPoints.default(199), {
      description: 'What Paytm charges by our contract, in hundredths of a percent before tax.',
      example: '199',
    }),
  },
  checkout: {
    publicUrl: variable('PAYMENTS_PUBLIC_URL', kinds.url.optional(), {
      description:
        'Address at which browsers reach the checkout pages and receipts of the payments subgraph. Absent: PAYMENTS_URL.',
      example: 'https://pay.example.com',
    }),
    merchantName: variable('PAYMENT_MERCHANT_NAME', z.string().min(1).default('Suvidha'), {
      description: 'Whom payers pay, as checkout pages show it.',
      example: 'Suvidha',
    }),
  },
  returns: {
    origins: variable('PAYMENT_RETURN_ORIGINS', kinds.list, {
      description:
        'Origins that a payer may be sent back to, separated by commas. A port of * stands for any.',
      example: 'https://app.example.com,http://localhost:*',
    }),
  },
};

export type PaymentsConfig = ConfigOf<typeof paymentsVariables>;
