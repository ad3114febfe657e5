import { listSmsRegistrations } from '@suvidha/notification-templates';
import type { Sandbox } from '@suvidha/sandbox';

/** Settings that add a second vendor for SMS, and one for push messages. */
export async function toVendorEnv({ url }: Sandbox): Promise<Record<string, string>> {
  const registrations = listSmsRegistrations().map(({ template, locale, pattern }) => ({
    id: `${template}/${locale}`,
    text: pattern,
  }));
  await controlVendors(url, 'PUT', '/msg91-templates', { templates: registrations });
  const account = await fetch(`${url}/fcm/service-account.json`);
  return {
    MSG91_BASE_URL: `${url}/msg91/api/v5`,
    MSG91_AUTH_KEY: 'sandbox_auth_key',
    MSG91_TEMPLATE_IDS: JSON.stringify(Object.fromEntries(registrations.map(({ id }) => [id, id]))),
    FCM_BASE_URL: `${url}/fcm`,
    FCM_SERVICE_ACCOUNT: await account.text(),
  };
}

export async function controlVendors(url: string, method: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/control${path}`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
}
