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
    RAZORPAY_BASE_URL: 'http://sandbox:4900/razorpay/v1',
    // The payer's browser opens it, from outside.
    RAZORPAY_CHECKOUT_URL: 'http://localhost:4900/razorpay/checkout',
    RAZORPAY_KEY_ID: 'rzp_test_sandbox',
    RAZORPAY_KEY_SECRET: 'sandbox_key_secret',
    RAZORPAY_WEBHOOK_SECRETS: 'sandbox_webhook_secret',
    PAYMENT_RETURN_ORIGINS: 'http://localhost:*,http://127.0.0.1:*,https://example.com',
  };
}

/** The text of an env file. Single quotes: nothing in a value is taken for a variable or an escape. */
export function toEnvFile(env: Env): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}
