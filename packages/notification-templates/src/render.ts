import { createFormats, type Formats } from './formats.ts';
import { toMailHtml } from './mail/layout.ts';
import type { MailContent } from './mail/mail-content.ts';
import { toMailText } from './mail/text.ts';
import type { Category, Channel, EmailMessage, Locale, MessageByChannel, SmsMessage } from './message.ts';
import { toPlainText } from './plain-text.ts';
import { fillPattern, type SmsComposer } from './sms.ts';
import { TemplateError } from './template.error.ts';
import type { ComposerByChannel, Template } from './template.ts';
import { templates } from './templates/index.ts';

export type TemplateName = keyof typeof templates;

/** The channels that a template has texts for. */
export type ChannelOf<Name extends TemplateName> =
  (typeof templates)[Name] extends Template<infer _Variables, infer Offered> ? Offered : never;

/** What a template must be given. */
export type VariablesOf<Name extends TemplateName> =
  (typeof templates)[Name] extends Template<infer Variables, infer _Offered> ? Variables : never;

export interface RenderOptions<Name extends TemplateName, C extends ChannelOf<Name>> {
  readonly template: Name;
  readonly channel: C;
  readonly locale: Locale;
  readonly variables: VariablesOf<Name>;
  /** IANA name of the reader's zone. Default: India's. */
  readonly timeZone?: string;
}

/**
 * Makes a message of a template.
 * @throws TemplateError INVALID_VARIABLES that names the fields; the compiler finds most of it before.
 */
export function render<Name extends TemplateName, C extends ChannelOf<Name>>(
  options: RenderOptions<Name, C>,
): MessageByChannel[C] {
  return renderStored(options) as MessageByChannel[C];
}

/** A template and its variables as they come back from storage, where no compiler watches. */
export interface StoredTemplate {
  readonly template: string;
  readonly channel: Channel;
  readonly locale: Locale;
  readonly variables: unknown;
  readonly timeZone?: string | undefined;
}

/**
 * Makes a message of what was stored.
 * @throws TemplateError UNKNOWN_TEMPLATE, CHANNEL_NOT_OFFERED or INVALID_VARIABLES.
 */
export function renderStored(stored: StoredTemplate): MessageByChannel[Channel] {
  const { channel, locale } = stored;
  const composer = getContent(stored.template, channel, locale);
  const variables = checkVariables(stored.template, stored.variables);
  const formats = createFormats(locale, stored.timeZone);
  switch (channel) {
    case 'SMS':
      return composeSms(composer as SmsComposer<unknown>, variables, formats);
    case 'EMAIL':
      return composeMail((composer as ComposerByChannel<unknown>['EMAIL'])(variables, formats), locale);
    case 'PUSH':
      return (composer as ComposerByChannel<unknown>['PUSH'])(variables, formats);
  }
}

/** The variables as their template wants them. @throws TemplateError UNKNOWN_TEMPLATE or INVALID_VARIABLES. */
export function checkVariables(template: string, variables: unknown): unknown {
  const result = getTemplate(template).variables.safeParse(toPlainText(variables));
  if (result.success) return result.data;
  const fields = new Set(result.error.issues.map(({ path }) => path.join('.')));
  throw new TemplateError('INVALID_VARIABLES', `${template} lacks or refuses ${[...fields].join(', ')}`);
}

/** @throws TemplateError UNKNOWN_TEMPLATE. */
export function categoryOf(template: string): Category {
  return getTemplate(template).category;
}

/** The channels that a template has texts for. @throws TemplateError UNKNOWN_TEMPLATE. */
export function channelsOf(template: string): readonly Channel[] {
  return Object.keys(getTemplate(template).content.en) as Channel[];
}

/** A text as it is registered for SMS, with `##name##` where values go. @throws TemplateError. */
export function getSmsPattern(template: string, locale: Locale): string {
  return (getContent(template, 'SMS', locale) as SmsComposer<unknown>).pattern;
}

export const templateNames = Object.keys(templates) as TemplateName[];

type AnyTemplate = Template<unknown, Channel>;

/** @throws TemplateError UNKNOWN_TEMPLATE. */
export function getTemplate(name: string): AnyTemplate {
  if (!Object.hasOwn(templates, name))
    throw new TemplateError('UNKNOWN_TEMPLATE', 'there is no template of this name');
  return templates[name as TemplateName] as unknown as AnyTemplate;
}

function getContent(template: string, channel: Channel, locale: Locale): ComposerByChannel<unknown>[Channel] {
  const content = getTemplate(template).content[locale];
  if (!Object.hasOwn(content, channel))
    throw new TemplateError('CHANNEL_NOT_OFFERED', `${template} has no text for ${channel}`);
  return content[channel];
}

function composeSms(composer: SmsComposer<unknown>, variables: unknown, formats: Formats): SmsMessage {
  const values = composer.values(variables, formats);
  return { text: fillPattern(composer.pattern, values), values };
}

function composeMail(content: MailContent, locale: Locale): EmailMessage {
  return {
    subject: content.subject,
    text: toMailText(content, locale),
    html: toMailHtml(content, locale),
  };
}
