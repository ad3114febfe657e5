import { z } from 'zod';
import { createHttpCaller, toHttpError } from '../http-call.ts';
import { VendorError } from '../vendor.error.ts';
import type { OutgoingMessage, Vendor } from '../vendor.ts';
import { createAccessTokens, type ServiceAccount } from './google-token.ts';

export interface FcmOptions {
  /** `https://fcm.googleapis.com`. */
  readonly baseUrl: string;
  readonly account: ServiceAccount;
  readonly now: () => Date;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

const sent = z.object({ name: z.string().min(1) });
const refusal = z.object({
  error: z.object({
    status: z.string().default(''),
    details: z
      .array(
        z.object({
          errorCode: z.string().optional(),
          fieldViolations: z.array(z.object({ field: z.string() })).optional(),
        }),
      )
      .default([]),
  }),
});

/**
 * Push by Firebase Cloud Messaging, HTTP v1
 * (https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages): Android, iOS and browsers. A second
 * message of the same delivery replaces the first on the device, by the tag of each platform.
 */
export function createFcmVendor({ baseUrl, account, now, timeoutMs }: FcmOptions): Vendor<'PUSH'> {
  const call = createHttpCaller('FCM', timeoutMs);
  const tokens = createAccessTokens(account, call, now);
  const url = `${baseUrl.replace(/\/$/, '')}/v1/projects/${account.project_id}/messages:send`;
  return {
    name: 'FCM',
    replacesDuplicates: true,
    canSend: () => true,
    async send(message) {
      const { status, body } = await call({
        url,
        headers: { authorization: `Bearer ${await tokens.get()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ message: toFcmMessage(message) }),
      });
      if (status === 401) tokens.drop();
      if (status !== 200) throw toError(status, body);
      const answer = sent.safeParse(body);
      if (!answer.success) throw new VendorError('UNKNOWN', 'FCM_UNREADABLE');
      return answer.data.name;
    },
  };
}

function toFcmMessage({ id, to, content }: OutgoingMessage<'PUSH'>): object {
  const { title, body, link } = content;
  return {
    token: to,
    notification: { title, body },
    data: { deliveryId: id, ...(link && { link }) },
    android: { priority: 'HIGH', collapse_key: id, notification: { tag: id } },
    apns: { headers: { 'apns-collapse-id': id } },
    webpush: { notification: { tag: id }, ...(link?.startsWith('https:') && { fcm_options: { link } }) },
  };
}

/** Codes that say that the token reaches no app any more. */
const gone = ['UNREGISTERED', 'SENDER_ID_MISMATCH'];

function toError(status: number, body: unknown): VendorError {
  const { data } = refusal.safeParse(body);
  const details = data?.error.details ?? [];
  const code = details.find(({ errorCode }) => errorCode)?.errorCode ?? data?.error.status;
  const isTokenMalformed = details.some(({ fieldViolations = [] }) =>
    fieldViolations.some(({ field }) => field === 'message.token'),
  );
  if (isTokenMalformed || gone.includes(code ?? '')) return new VendorError('UNDELIVERABLE', `FCM_${code}`);
  // A token of Google's that it does not take any more: the next attempt brings a new one.
  if (status === 401 || status === 503) return new VendorError('NOT_SENT', `FCM_${code ?? status}`);
  return toHttpError('FCM', status, code || undefined);
}
