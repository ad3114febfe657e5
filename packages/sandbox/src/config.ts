import { z } from 'zod';
import type { SandboxOptions } from './sandbox.ts';

const port = z.coerce.number().int().min(0).max(65535);
const url = z.url({ protocol: /^https?$/ });

const environment = z.object({
  NODE_ENV: z.string().optional(),
  SANDBOX_HOST: z.string().optional(),
  SANDBOX_PORT: port.default(4900),
  SANDBOX_SMTP_PORT: port.default(0),
  SANDBOX_RAZORPAY_WEBHOOK_URL: url.optional(),
  RAZORPAY_KEY_ID: z.string().default('rzp_test_sandbox'),
  RAZORPAY_KEY_SECRET: z.string().default('sandbox_key_secret'),
  RAZORPAY_WEBHOOK_SECRET: z.string().default('sandbox_webhook_secret'),
  TWILIO_ACCOUNT_SID: z.string().default('AC00000000000000000000000000000000'),
  TWILIO_AUTH_TOKEN: z.string().default('sandbox_auth_token'),
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
    },
    twilio: { accountSid: values.TWILIO_ACCOUNT_SID, authToken: values.TWILIO_AUTH_TOKEN },
    log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
  };
}
