import { createTransport, type SendMailOptions } from 'nodemailer';
import { VendorError } from '../vendor.error.ts';
import { type OutgoingMessage, type Vendor, vendorTimeoutMs } from '../vendor.ts';

export interface SmtpOptions {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the start. */
  readonly smtpUrl: string;
  /** Sender, such as `Suvidha <no-reply@example.com>`. */
  readonly from: string;
  /** Default 10 000: for connecting, for the greeting and for each silence of the server. */
  readonly timeoutMs?: number;
}

/** Nothing in it could be taken for a second address, a name or a header. */
const oneAddress = /^[^\s@<>(),;:"\\]+@[^\s@<>(),;:"\\]+$/;

/** What of nodemailer's errors we read. */
interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
  readonly timeoutType?: string;
  readonly command?: string;
}

/**
 * Mail by any SMTP server. Each attempt carries the same `Message-ID`, by which many servers and programs show
 * duplicates once.
 */
export function createSmtpVendor({
  smtpUrl,
  from,
  timeoutMs = vendorTimeoutMs,
}: SmtpOptions): Vendor<'EMAIL'> {
  const transport = createTransport(
    {
      url: smtpUrl,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  const domain = /@([^\s@<>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    name: 'SMTP',
    replacesDuplicates: false,
    canSend: () => true,
    async send(message) {
      if (!oneAddress.test(message.to)) throw new VendorError('UNDELIVERABLE', 'SMTP_ADDRESS');
      const mail = toMail(message, domain);
      await transport.sendMail(mail).catch((error: unknown) => {
        throw toVendorError(error);
      });
      return mail.messageId;
    },
  };
}

function toMail(message: OutgoingMessage<'EMAIL'>, domain: string): SendMailOptions & { messageId: string } {
  const { subject, text, html } = message.content;
  return {
    messageId: `<${message.id}@${domain}>`,
    to: { name: '', address: message.to },
    subject,
    text,
    html,
    attachments: message.attachments.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      content,
    })),
    // Programs that answer by themselves, such as out-of-office notes, leave it alone (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': message.locale },
  };
}

/** Failures before the mail itself was handed over. */
const beforeData = ['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'];
const notConnected = ['EDNS', 'ETLS', 'EAUTH', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'];

function toVendorError(error: unknown): VendorError {
  const { code = '', responseCode, timeoutType = '', command = '' } = error as SmtpFailure;
  if (code === 'EAUTH') return new VendorError('REFUSED', 'SMTP_AUTH', error);
  if (responseCode !== undefined) return toReplyError(responseCode, command, error);
  if (code === 'EENVELOPE') return new VendorError('UNDELIVERABLE', 'SMTP_ADDRESS', error);
  const isBefore =
    beforeData.includes(timeoutType) || notConnected.includes(code) || isRefusedConnection(error);
  return isBefore
    ? new VendorError('NOT_SENT', 'SMTP_NOT_CONNECTED', error)
    : new VendorError('UNKNOWN', 'SMTP_CONNECTION_LOST', error);
}

/**
 * A reply is a decision (RFC 5321 §4.2.1): 4yz for now, 5yz for good. For good about the recipient is the
 * destination's fault; about the sender, the text or the session it is ours.
 */
function toReplyError(reply: number, command: string, cause: unknown): VendorError {
  const code = `SMTP_${reply}`;
  if (reply < 500) return new VendorError('NOT_SENT', code, cause);
  const isRecipient = command === 'RCPT TO' || [550, 551, 553].includes(reply);
  return new VendorError(isRecipient ? 'UNDELIVERABLE' : 'REFUSED', code, cause);
}

/** The system's word is in the error's `errno` name or in its cause, by nodemailer's version of the failure. */
function isRefusedConnection(error: unknown): boolean {
  const { syscall } = error as { syscall?: string };
  return syscall === 'connect' || syscall === 'getaddrinfo';
}
