import { z } from 'zod';
import { createHttpCaller, toHttpError } from '../http-call.ts';
import { VendorError } from '../vendor.error.ts';
import type { OutgoingMessage, Vendor } from '../vendor.ts';

export interface TwilioOptions {
  readonly baseUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** The sender: a number in E.164 form. */
  readonly from: string;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

const created = z.object({ sid: z.string().min(1) });
const refusal = z.object({ code: z.number() });
const list = z.object({
  messages: z.array(z.object({ sid: z.string(), body: z.string(), date_created: z.string() })),
});

/** Codes that say something of the destination (https://www.twilio.com/docs/api/errors). */
const undeliverable = new Set([
  21211, // not a valid number
  21604, // none
  21610, // has opted out
  21614, // not a mobile
]);

/** Twilio's clock and ours differ, and it writes whole seconds. */
const clockToleranceMs = 5_000;

/**
 * SMS by Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource). It has no idempotency
 * key, but its log can be read: after a call without an answer it is asked whether the message is there.
 */
export function createTwilioVendor(options: TwilioOptions): Vendor<'SMS'> {
  const { accountSid, authToken, from } = options;
  const call = createHttpCaller('TWILIO', options.timeoutMs);
  const url = `${options.baseUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const headers = {
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
  };
  return {
    name: 'TWILIO',
    replacesDuplicates: false,
    canSend: () => true,
    async send({ to, content }) {
      const form = new URLSearchParams({ To: to, From: from, Body: content.text });
      const { status, body } = await call({ url, headers, body: form });
      if (status !== 201) throw toError(status, body);
      const message = created.safeParse(body);
      if (!message.success) throw new VendorError('UNKNOWN', 'TWILIO_UNREADABLE');
      return message.data.sid;
    },
    async findSent(message, since) {
      const query = new URLSearchParams({ To: message.to, PageSize: '50' });
      const { status, body } = await call({ url: `${url}?${query}`, method: 'GET', headers });
      const found = list.safeParse(body);
      if (status !== 200 || !found.success) throw toError(status, body);
      return found.data.messages
        .filter((candidate) => isSame(candidate, message, since))
        .map(({ sid }) => sid);
    },
  };
}

function isSame(
  candidate: { readonly body: string; readonly date_created: string },
  { content }: OutgoingMessage<'SMS'>,
  since: Date,
): boolean {
  const isYounger = Date.parse(candidate.date_created) >= since.getTime() - clockToleranceMs;
  // Trial accounts have a sentence of Twilio's put before the text.
  return isYounger && candidate.body.endsWith(content.text);
}

function toError(status: number, body: unknown): VendorError {
  const { data } = refusal.safeParse(body);
  if (data && undeliverable.has(data.code)) return new VendorError('UNDELIVERABLE', `TWILIO_${data.code}`);
  return toHttpError('TWILIO', status, data && String(data.code));
}
