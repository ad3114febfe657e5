import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import type { IdentityProviderOptions } from './identity-providers.ts';
import { examplePaytm } from './paytm/paytm.ts';
import type { SandboxOptions } from './sandbox.ts';

const port = z.coerce.number().int().min(0).max(65535);
const url = z.url({ protocol: /^https?$/ });

const environment = z.object({
  NODE_ENV: z.string().optional(),
  SANDBOX_HOST: z.string().optional(),
  SANDBOX_PORT: port.default(4900),
  SANDBOX_SMTP_PORT: port.default(0),
  SANDBOX_RAZORPAY_WEBHOOK_URL: url.optional(),
  SANDBOX_PAYTM_WEBHOOK_URL: url.optional(),
  RAZORPAY_KEY_ID: z.string().default('rzp_test_sandbox'),
  RAZORPAY_KEY_SECRET: z.string().default('sandbox_key_secret'),
  RAZORPAY_WEBHOOK_SECRET: z.string().default('sandbox_webhook_secret'),
  PAYTM_MID: z.string().default(examplePaytm.mid),
  PAYTM_MERCHANT_KEY: z.string().length(16).default(examplePaytm.merchantKey),
  TWILIO_ACCOUNT_SID: z.string().default('AC00000000000000000000000000000000'),
  TWILIO_AUTH_TOKEN: z.string().default('sandbox_auth_token'),
  SANDBOX_PUBLIC_URL: url.optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  FACEBOOK_APP_ID: z.string().optional(),
  FACEBOOK_APP_SECRET: z.string().optional(),
  APPLE_CLIENT_ID: z.string().optional(),
  APPLE_TEAM_ID: z.string().optional(),
  APPLE_KEY_ID: z.string().optional(),
  APPLE_PRIVATE_KEY: z.string().optional(),
  DESCOPE_PROJECT_ID: z.string().optional(),
});

/**
 * The options of a sandbox that runs as its own process, or one sentence that says why it must not.
 * Unlike the product's, its secrets have defaults: they protect nothing.
 */
export function loadConfig(
  env: Record<string, string | undefined>,
): { options: SandboxOptions } | { problem: string } {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(set);
  if (!result.success) {
    const names = new Set(result.error.issues.map((issue) => issue.path.join('.')));
    return { problem: `Not valid in the environment: ${[...names].join(', ')}.` };
  }
  if (result.data.NODE_ENV === 'production') {
    return { problem: 'The provider sandbox takes no real money and must not run with NODE_ENV=production.' };
  }
  return { options: toOptions(result.data) };
}

function toOptions(values: z.output<typeof environment>): SandboxOptions {
  return {
    port: values.SANDBOX_PORT,
    ...(values.SANDBOX_HOST === undefined ? {} : { host: values.SANDBOX_HOST }),
    smtpPort: values.SANDBOX_SMTP_PORT,
    razorpay: {
      keyId: values.RAZORPAY_KEY_ID,
      keySecret: values.RAZORPAY_KEY_SECRET,
      webhookSecret: values.RAZORPAY_WEBHOOK_SECRET,
      webhookUrl: values.SANDBOX_RAZORPAY_WEBHOOK_URL,
      publicUrl: values.SANDBOX_PUBLIC_URL,
    },
    paytm: {
      mid: values.PAYTM_MID,
      merchantKey: values.PAYTM_MERCHANT_KEY,
      webhookUrl: values.SANDBOX_PAYTM_WEBHOOK_URL,
    },
    twilio: { accountSid: values.TWILIO_ACCOUNT_SID, authToken: values.TWILIO_AUTH_TOKEN },
    identityProviders: toIdentityProviders(values),
    log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
  };
}

/** Each provider knows the app by what the product says, or by its own defaults. */
function toIdentityProviders(values: z.output<typeof environment>): IdentityProviderOptions {
  const { GOOGLE_CLIENT_ID, FACEBOOK_APP_ID, APPLE_CLIENT_ID, APPLE_PRIVATE_KEY, DESCOPE_PROJECT_ID } =
    values;
  return {
    publicUrl: values.SANDBOX_PUBLIC_URL,
    ...(GOOGLE_CLIENT_ID && {
      google: { clientId: GOOGLE_CLIENT_ID, clientSecret: values.GOOGLE_CLIENT_SECRET ?? '' },
    }),
    ...(FACEBOOK_APP_ID && {
      facebook: { appId: FACEBOOK_APP_ID, appSecret: values.FACEBOOK_APP_SECRET ?? '' },
    }),
    ...(APPLE_CLIENT_ID && {
      apple: {
        clientId: APPLE_CLIENT_ID,
        teamId: values.APPLE_TEAM_ID ?? '',
        keyId: values.APPLE_KEY_ID ?? '',
        publicKey: APPLE_PRIVATE_KEY && toPublicKey(APPLE_PRIVATE_KEY),
      },
    }),
    ...(DESCOPE_PROJECT_ID && { descope: { projectId: DESCOPE_PROJECT_ID } }),
  };
}

/** Apple knows only the public half of the key; line breaks may be written as `\\n`. */
function toPublicKey(privateKey: string): string {
  return createPublicKey(privateKey.replaceAll('\\n', '\n'))
    .export({ type: 'spki', format: 'pem' })
    .toString();
}
