import { listSmsRegistrations } from '@suvidha/notification-templates';
import { createSandbox } from '@suvidha/sandbox';
import type { NotificationConfig, ServiceAccount } from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field
export type Json = any;

export const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'sandbox_auth_token' };
const razorpay = { keyId: 'unused', keySecret: 'unused', webhookSecret: 'unused' };

/** What the sandbox registers at MSG91: each of our texts, under an id of its own. */
export const registrations = listSmsRegistrations().map(({ template, locale, pattern }) => ({
  key: `${template}/${locale}`,
  id: `id-of-${template}-${locale}`,
  text: pattern,
}));

export interface TestSandbox extends AsyncDisposable {
  readonly url: string;
  readonly smtpPort: number;
  /** Configuration with every vendor in the sandbox. */
  readonly config: NotificationConfig;
  control(method: string, path: string, body?: object): Promise<Json>;
  /** The next calls of a party go wrong: `fault('twilio.send-message', 'reset', { when: 'after' })`. */
  fault(call: string, fault: string, more?: object): Promise<void>;
  /** Messages to an address, newest first. */
  inbox(to: string): Promise<Json[]>;
}

/** The vendors, with all our texts registered at MSG91. */
export async function startSandbox(): Promise<TestSandbox> {
  const sandbox = await createSandbox({ port: 0, razorpay, twilio });
  const { url, smtpPort } = sandbox;
  const control = (method: string, path: string, body?: object) =>
    fetchJson(`${url}/control${path}`, method, body);
  await control('PUT', '/msg91-templates', {
    templates: registrations.map(({ id, text }) => ({ id, text })),
  });
  const account = await fetchJson(`${url}/fcm/service-account.json`, 'GET');
  return {
    url,
    smtpPort,
    config: toConfig(url, smtpPort, account),
    control,
    fault: async (name, fault, more = {}) => {
      const [party, call] = name.split('.');
      await control('POST', '/scenario', { party, call, fault, ...more });
    },
    inbox: (to) => fetchJson(`${url}/inbox?to=${encodeURIComponent(to)}`, 'GET'),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

export function toConfig(url: string, smtpPort: number, account: ServiceAccount): NotificationConfig {
  return {
    twilio: { baseUrl: `${url}/twilio`, ...twilio, from: '+15005550006' },
    msg91: {
      baseUrl: `${url}/msg91/api/v5`,
      authKey: 'sandbox_auth_key',
      templateIds: Object.fromEntries(registrations.map(({ key, id }) => [key, id])),
    },
    mail: { smtpUrl: `smtp://127.0.0.1:${smtpPort}`, from: 'Suvidha <no-reply@suvidha.example>' },
    fcm: { baseUrl: `${url}/fcm`, account },
    smsLimits: { countries: [], destinationHourly: 30, blockHourly: 200, daily: 50_000 },
  };
}

async function fetchJson(url: string, method: string, body?: object): Promise<Json> {
  const response = await fetch(url, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the sandbox refused ${method} ${url}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}
