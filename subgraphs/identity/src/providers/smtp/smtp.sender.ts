import { createTransport } from 'nodemailer';
import type { MessageSender } from '../message-sender.ts';

/** E-mail through any SMTP server. */
export function createSmtpSender({ smtpUrl, from }: { smtpUrl: string; from: string }): MessageSender {
  const transport = createTransport(smtpUrl, { from });
  return {
    async send({ to, subject, text }) {
      await transport.sendMail({ to, subject, text });
    },
  };
}
