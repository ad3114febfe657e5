import type { Email } from 'postal-mime';

/** What a mail program sees of a mail besides its text. */
export interface MailView {
  messageId: string | null;
  from: string | null;
  to: string[];
  subject: string;
  html: string | null;
  headers: Record<string, string>;
  attachments: { filename: string | null; contentType: string; sizeBytes: number }[];
}

const CAPACITY = 100;

/** The newest 100 mails that arrived, each as often as it came. */
export class Mails {
  private mails: MailView[] = [];

  add(mail: Email): void {
    this.mails.unshift(toView(mail));
    this.mails.length = Math.min(this.mails.length, CAPACITY);
  }

  list(): MailView[] {
    return [...this.mails];
  }

  clear(): void {
    this.mails = [];
  }
}

function toView(mail: Email): MailView {
  return {
    messageId: mail.messageId ?? null,
    from: mail.from?.address ?? null,
    to: (mail.to ?? []).flatMap(({ address }) => (address === undefined ? [] : [address])),
    subject: mail.subject ?? '',
    html: mail.html ?? null,
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      filename,
      contentType: mimeType,
      sizeBytes: typeof content === 'string' ? content.length : content.byteLength,
    })),
  };
}
