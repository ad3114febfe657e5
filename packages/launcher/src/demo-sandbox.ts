import { createSandbox } from '@suvidha/sandbox';
import type { Env, LauncherConfig } from './config.ts';
import { registerWithProviders } from './demo-identity-providers.ts';
import { registerMessages } from './demo-messages.ts';

/** Credentials that the sandbox and the product agree on. They protect nothing. */
const credentials = {
  razorpay: {
    keyId: 'rzp_test_sandbox',
    keySecret: 'sandbox_key_secret',
    webhookSecret: 'sandbox_webhook_secret',
  },
  paytm: { mid: 'SandboxMerchant00001', merchantKey: 'sandbox_pay_key1' },
  twilio: { accountSid: 'AC00000000000000000000000000000000', authToken: 'sandbox_auth_token' },
};

export interface DemoSandbox {
  /** Where a person opens it. */
  readonly url: string;
  /** What points the product's adapters at it. */
  readonly env: Env;
  /** Tells its payment vendors where the payments subgraph is. */
  sendWebhooksTo(paymentsUrl: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the provider sandbox, or uses the one that `SANDBOX_URL` names. */
export async function startDemoSandbox({ sandbox, http }: LauncherConfig): Promise<DemoSandbox> {
  const own = sandbox.url
    ? undefined
    : await createSandbox({ port: sandbox.port, host: http.host, ...credentials });
  const url = sandbox.url ?? own?.url.replace('127.0.0.1', 'localhost') ?? '';
  return {
    url,
    env: {
      ...toProviderEnv(url, own?.smtpPort),
      ...(await registerWithProviders(url)),
      ...(await registerMessages(url)),
    },
    sendWebhooksTo: async (paymentsUrl) => {
      for (const party of ['razorpay', 'paytm'])
        await fetch(`${url}/control/webhook`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ party, url: `${paymentsUrl}/webhooks/${party}` }),
        });
    },
    stop: async () => own?.close(),
  };
}

function toProviderEnv(url: string, smtpPort = 2525): Env {
  return {
    TWILIO_BASE_URL: `${url}/twilio`,
    TWILIO_ACCOUNT_SID: credentials.twilio.accountSid,
    TWILIO_AUTH_TOKEN: credentials.twilio.authToken,
    TWILIO_FROM: '+15005550006',
    SMTP_URL: `smtp://${new URL(url).hostname}:${smtpPort}`,
    MAIL_FROM: 'Suvidha <no-reply@suvidha.example>',
    RAZORPAY_BASE_URL: `${url}/razorpay/v1`,
    RAZORPAY_CHECKOUT_SCRIPT_URL: `${url}/razorpay/checkout.js`,
    RAZORPAY_KEY_ID: credentials.razorpay.keyId,
    RAZORPAY_KEY_SECRET: credentials.razorpay.keySecret,
    RAZORPAY_WEBHOOK_SECRETS: credentials.razorpay.webhookSecret,
    PAYTM_BASE_URL: `${url}/paytm`,
    PAYTM_MID: credentials.paytm.mid,
    PAYTM_MERCHANT_KEYS: credentials.paytm.merchantKey,
    PAYTM_WEBSITE_NAME: 'WEBSTAGING',
    PAYMENT_RETURN_ORIGINS: 'http://localhost:*,http://127.0.0.1:*,https://example.com',
  };
}
