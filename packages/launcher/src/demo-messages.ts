import { createPreviews, listSmsRegistrations } from '@suvidha/notification-templates';
import type { Env } from './config.ts';

/** A text as MSG91 knows it in the sandbox. */
function toTemplateId(template: string, locale: string): string {
  return `sandbox-${template}-${locale}`;
}

/**
 * Points the product at the sandbox's MSG91 and Firebase: registers our texts, as an operator does on MSG91's pages,
 * fetches the key of a service account, as a developer does from the console, and hands over what all messages look
 * like.
 */
export async function registerMessages(sandboxUrl: string): Promise<Env> {
  const registrations = listSmsRegistrations();
  await put(`${sandboxUrl}/control/msg91-templates`, {
    templates: registrations.map(({ template, locale, pattern }) => ({
      id: toTemplateId(template, locale),
      text: pattern,
    })),
  });
  await put(`${sandboxUrl}/control/previews`, { previews: createPreviews() });
  const account = await fetch(`${sandboxUrl}/fcm/service-account.json`);
  const templateIds = registrations.map(({ template, locale }) => [
    `${template}/${locale}`,
    toTemplateId(template, locale),
  ]);
  return {
    MSG91_BASE_URL: `${sandboxUrl}/msg91/api/v5`,
    MSG91_AUTH_KEY: 'sandbox_auth_key',
    MSG91_TEMPLATE_IDS: JSON.stringify(Object.fromEntries(templateIds)),
    FCM_BASE_URL: `${sandboxUrl}/fcm`,
    ...(account.ok && { FCM_SERVICE_ACCOUNT: await account.text() }),
  };
}

async function put(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
  await response.body?.cancel();
}
