import {
  type Channel,
  type EmailMessage,
  type Locale,
  locales,
  type PushMessage,
  type SmsMessage,
} from './message.ts';
import { channelsOf, getSmsPattern, getTemplate, renderStored, templateNames } from './render.ts';

/** One message with sample variables, to be looked at. Plain data, so that any page can show it. */
export interface Preview {
  readonly template: string;
  readonly locale: Locale;
  readonly channel: Channel;
  /** Subject of a mail, title of a push message; null where the channel has none. */
  readonly subject: string | null;
  readonly text: string;
  /** Mails only. */
  readonly html: string | null;
}

/** Every template in every language and channel. */
export function createPreviews(): Preview[] {
  return templateNames.flatMap((template) =>
    channelsOf(template).flatMap((channel) =>
      locales.map((locale) => createPreview(template, channel, locale)),
    ),
  );
}

function createPreview(template: string, channel: Channel, locale: Locale): Preview {
  const variables = getTemplate(template).sample;
  const message = renderStored({ template, channel, locale, variables });
  return { template, locale, channel, ...toView(channel, message) };
}

function toView(
  channel: Channel,
  message: SmsMessage | EmailMessage | PushMessage,
): Pick<Preview, 'subject' | 'text' | 'html'> {
  if (channel === 'SMS') return { subject: null, text: (message as SmsMessage).text, html: null };
  if (channel === 'EMAIL') return message as EmailMessage;
  const { title, body } = message as PushMessage;
  return { subject: title, text: body, html: null };
}

/** A text to register with operators and at MSG91. */
export interface SmsRegistration {
  readonly template: string;
  readonly locale: Locale;
  /** With `##name##` where values go. */
  readonly pattern: string;
}

/** All SMS texts that need registering. */
export function listSmsRegistrations(): SmsRegistration[] {
  return templateNames
    .filter((template) => channelsOf(template).includes('SMS'))
    .flatMap((template) =>
      locales.map((locale) => ({ template, locale, pattern: getSmsPattern(template, locale) })),
    );
}
