import { AppError } from '@suvidha/errors';
import type { MessageSender } from '../message-sender.ts';

export interface TwilioOptions {
  readonly baseUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
}

const timeoutMs = 10_000;

/** SMS by Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource). */
export function createTwilioSender({ baseUrl, accountSid, authToken, from }: TwilioOptions): MessageSender {
  const url = `${baseUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return {
    async send({ to, text }) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({ To: to, From: from, Body: text }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok) throw new AppError('UPSTREAM_UNAVAILABLE', `Twilio answered ${response.status}.`);
    },
  };
}
