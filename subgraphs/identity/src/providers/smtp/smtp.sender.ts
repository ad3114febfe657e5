import { createTransport } from 'nodemailer';
import type { MessageSender } from '../message-sender.ts';

/** For each of connecting, the server's greeting and its silence; the library would wait for minutes. */
const timeoutMs = 10_000;

/** E-mail through any SMTP server. */
export function createSmtpSender({ smtpUrl, from }: { smtpUrl: string; from: string }): MessageSender {
  const deadlines = {
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
  const transport = createTransport({ url: smtpUrl, ...deadlines }, { from });
  return {
    async send({ to, subject, text }) {
      await transport.sendMail({ to, subject, text });
    },
  };
}
