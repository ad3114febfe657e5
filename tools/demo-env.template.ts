import { generateKeyPairSync } from 'node:crypto';
import { sandboxApps } from '@suvidha/sandbox';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment of docker compose for a demo: every provider is the sandbox. What stands here is known to the sandbox
 * and protects nothing; `secrets` protect the demo's own data.
 */
export function createDemoEnv(secrets: Env): Env {
  return {
    COMPOSE_PROFILES: 'demo',
    SUVIDHA_DEMO: 'true',
    ...secrets,
    TWILIO_BASE_URL: 'http://sandbox:4900/twilio',
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_AUTH_TOKEN: 'sandbox_auth_token',
    TWILIO_FROM: '+15005550006',
    SMTP_URL: 'smtp://sandbox:2525',
    MAIL_FROM: 'Suvidha <no-reply@suvidha.example>',
    ...createSocialEnv(),
    RAZORPAY_BASE_URL: 'http://sandbox:4900/razorpay/v1',
    // What the payer's browser opens, from outside.
    PAYMENTS_PUBLIC_URL: 'http://localhost:4005',
    RAZORPAY_CHECKOUT_SCRIPT_URL: 'http://localhost:4900/razorpay/checkout.js',
    PAYTM_PAGE_URL: 'http://localhost:4900/paytm',
    RAZORPAY_KEY_ID: 'rzp_test_sandbox',
    RAZORPAY_KEY_SECRET: 'sandbox_key_secret',
    RAZORPAY_WEBHOOK_SECRETS: 'sandbox_webhook_secret',
    PAYTM_BASE_URL: 'http://sandbox:4900/paytm',
    PAYTM_MID: 'SandboxMerchant00001',
    PAYTM_MERCHANT_KEYS: 'sandbox_pay_key1',
    PAYTM_WEBSITE_NAME: 'WEBSTAGING',
    PAYMENT_RETURN_ORIGINS: 'http://localhost:*,http://127.0.0.1:*,https://example.com',
  };
}

/** The three providers and Descope. Their pages are opened by browsers, from outside. */
function createSocialEnv(): Env {
  const { google, facebook, apple, descope } = sandboxApps;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    SOCIAL_CALLBACK_URL: 'http://localhost:4001',
    SOCIAL_REDIRECT_URIS: 'WEB=http://localhost:*/social/return,WEB=http://127.0.0.1:*/social/return',
    GOOGLE_ISSUER: 'http://sandbox:4900/google',
    GOOGLE_CLIENT_ID: google.clientId,
    GOOGLE_CLIENT_SECRET: google.clientSecret,
    FACEBOOK_DIALOG_URL: 'http://localhost:4900/facebook/v24.0/dialog/oauth',
    FACEBOOK_GRAPH_URL: 'http://sandbox:4900/facebook/v24.0',
    FACEBOOK_APP_ID: facebook.appId,
    FACEBOOK_APP_SECRET: facebook.appSecret,
    APPLE_ISSUER: 'http://sandbox:4900/apple',
    APPLE_CLIENT_ID: apple.clientId,
    APPLE_TEAM_ID: apple.teamId,
    APPLE_KEY_ID: apple.keyId,
    APPLE_PRIVATE_KEY: privateKey
      .export({ type: 'pkcs8', format: 'pem' })
      .toString()
      .trim()
      .replaceAll('\n', '\\n'),
    DESCOPE_BASE_URL: 'http://sandbox:4900/descope',
    DESCOPE_PROJECT_ID: descope.projectId,
  };
}

/** The text of an env file. Single quotes: nothing in a value is taken for a variable or an escape. */
export function toEnvFile(env: Env): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}
