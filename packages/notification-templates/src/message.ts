/** A language that every template speaks (BCP 47). */
export const locales = ['en', 'hi'] as const;
export type Locale = (typeof locales)[number];

/** How a message travels. */
export const channels = ['SMS', 'EMAIL', 'PUSH'] as const;
export type Channel = (typeof channels)[number];

/**
 * What a message is about, which is what people switch on and off. `SECURITY` is never switched off and never waits
 * for the end of quiet hours.
 */
export const categories = ['SECURITY', 'ORDERS', 'PAYMENTS'] as const;
export type Category = (typeof categories)[number];

export interface SmsMessage {
  readonly text: string;
  /** What stands in the placeholders, by name: vendors that keep approved texts themselves are sent only these. */
  readonly values: Readonly<Record<string, string>>;
}

export interface EmailMessage {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface PushMessage {
  readonly title: string;
  readonly body: string;
  /** What opens on a tap. Absent: the app. */
  readonly link?: string;
}

/** A finished message, by channel. */
export interface MessageByChannel {
  readonly SMS: SmsMessage;
  readonly EMAIL: EmailMessage;
  readonly PUSH: PushMessage;
}
