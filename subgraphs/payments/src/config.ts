import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { subgraphVariables } from '@suvidha/subgraph';
import { z } from 'zod';

/** Everything the payments process reads from its environment. */
export const paymentsVariables = {
  ...subgraphVariables('payments'),
  razorpay: {
    baseUrl: variable('RAZORPAY_BASE_URL', kinds.url.default('https://api.razorpay.com/v1'), {
      description: 'Address of the Razorpay API, with its version.',
      example: 'https://api.razorpay.com/v1',
    }),
    checkoutUrl: variable('RAZORPAY_CHECKOUT_URL', kinds.url, {
      description: 'Address of the checkout page; the order id is appended to it.',
    }),
    keyId: variable('RAZORPAY_KEY_ID', z.string().min(1), { description: 'Razorpay API key.' }),
    keySecret: variable('RAZORPAY_KEY_SECRET', z.string().min(1), {
      description: 'Secret of the Razorpay API key.',
    }),
    webhookSecrets: variable('RAZORPAY_WEBHOOK_SECRETS', kinds.list, {
      description:
        'Secrets that sign webhooks, separated by commas: the new one and, while rotating, the old one.',
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
