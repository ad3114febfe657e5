import { billingVariables } from '@suvidha/billing';
import { commerceVariables } from '@suvidha/commerce';
import { kinds, type Variables, variable } from '@suvidha/config';
import { gatewayVariables } from '@suvidha/gateway';
import { identityVariables } from '@suvidha/identity';
import { kycVariables } from '@suvidha/kyc';
import { launcherVariables } from '@suvidha/launcher';
import { paymentsVariables } from '@suvidha/payments';
import { z } from 'zod';

/** What the gateway and each subgraph read when they are processes of their own, by the name of their service. */
export const serviceVariables = {
  gateway: gatewayVariables,
  identity: identityVariables,
  kyc: kycVariables,
  billing: billingVariables,
  commerce: commerceVariables,
  payments: paymentsVariables,
} satisfies Record<string, Variables>;

/**
 * What the provider sandbox reads when it is a process of its own. It shares no code with the product, so this repeats
 * what `packages/sandbox/src/config.ts` says.
 */
export const sandboxVariables = {
  mode: { name: launcherVariables.mode.name },
  listen: {
    host: variable('SANDBOX_HOST', z.string().optional(), {
      description:
        'Address that the provider sandbox listens on as a process of its own. In a container: 0.0.0.0.',
      example: '127.0.0.1',
    }),
    port: launcherVariables.sandbox.port,
    smtpPort: variable('SANDBOX_SMTP_PORT', kinds.port.optional(), {
      description: 'Port of the mail server of the provider sandbox. Absent: a free one.',
      example: '2525',
    }),
  },
  razorpay: {
    webhookUrl: variable('SANDBOX_RAZORPAY_WEBHOOK_URL', kinds.url.optional(), {
      description: 'Where the provider sandbox sends webhooks of Razorpay. Absent: nowhere until it is told.',
      example: 'http://127.0.0.1:4005/webhooks/razorpay',
    }),
    webhookSecret: variable('RAZORPAY_WEBHOOK_SECRET', z.string().optional(), {
      description: 'Secret that the provider sandbox signs webhooks with. Absent: a known one.',
    }),
    keyId: paymentsVariables.razorpay.keyId,
    keySecret: paymentsVariables.razorpay.keySecret,
  },
  paytm: {
    webhookUrl: variable('SANDBOX_PAYTM_WEBHOOK_URL', kinds.url.optional(), {
      description: 'Where the provider sandbox sends webhooks of Paytm. Absent: nowhere until it is told.',
      example: 'http://127.0.0.1:4005/webhooks/paytm',
    }),
    mid: paymentsVariables.paytm.mid,
    merchantKey: variable('PAYTM_MERCHANT_KEY', z.string().length(16).optional(), {
      description: "Key of the provider sandbox's merchant at Paytm. Absent: a known one.",
    }),
  },
  twilio: {
    accountSid: identityVariables.twilio.accountSid,
    authToken: identityVariables.twilio.authToken,
  },
  identityProviders: {
    publicUrl: variable('SANDBOX_PUBLIC_URL', kinds.url.optional(), {
      description:
        'Where browsers find the provider sandbox. Absent: where servers find it. Consent pages are opened there.',
      example: 'http://localhost:4900',
    }),
    googleClientId: identityVariables.google.clientId,
    googleClientSecret: identityVariables.google.clientSecret,
    facebookAppId: identityVariables.facebook.appId,
    facebookAppSecret: identityVariables.facebook.appSecret,
    appleClientId: identityVariables.apple.clientId,
    appleTeamId: identityVariables.apple.teamId,
    appleKeyId: identityVariables.apple.keyId,
    applePrivateKey: identityVariables.apple.privateKey,
    descopeProjectId: identityVariables.descope.projectId,
  },
} satisfies Variables;

/** What only docker-compose.yml reads. */
export const composeVariables = {
  database: {
    password: variable('POSTGRES_PASSWORD', z.string().regex(/^[A-Za-z0-9]+$/), {
      description:
        'Password of the PostgreSQL that docker compose starts: letters and digits, as it stands in addresses.',
    }),
  },
  profiles: {
    names: variable('COMPOSE_PROFILES', z.string().optional(), {
      description: 'demo starts the provider sandbox too.',
      example: 'demo',
    }),
  },
} satisfies Variables;

/** All variables there are, by the process that reads them first. */
export const allVariables: Readonly<Record<string, Variables>> = {
  'The whole product: npm start, npm run start:services': launcherVariables,
  Gateway: gatewayVariables,
  Identity: identityVariables,
  KYC: kycVariables,
  Billing: billingVariables,
  Commerce: commerceVariables,
  Payments: paymentsVariables,
  'Provider sandbox': sandboxVariables,
  'docker compose': composeVariables,
};

/** The variables of all groups of a process. */
export function listVariables(variables: Variables) {
  return Object.values(variables).flatMap((group) => Object.values(group));
}
