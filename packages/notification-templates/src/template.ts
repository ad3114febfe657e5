import type { z } from 'zod';
import type { Formats } from './formats.ts';
import type { MailContent } from './mail/mail-content.ts';
import type { Category, Channel, Locale, PushMessage } from './message.ts';
import type { SmsComposer } from './sms.ts';

/** How a template becomes a message, by channel. */
export interface ComposerByChannel<Variables> {
  readonly SMS: SmsComposer<Variables>;
  readonly EMAIL: (variables: Variables, formats: Formats) => MailContent;
  readonly PUSH: (variables: Variables, formats: Formats) => PushMessage;
}

/** One message in all its forms. The compiler misses no channel, no language and no variable. */
export interface Template<Variables, Offered extends Channel> {
  readonly category: Category;
  readonly variables: z.ZodType<Variables>;
  /** For previews, and for the tests that render everything. */
  readonly sample: Variables;
  readonly content: {
    readonly [L in Locale]: { readonly [C in Offered]: ComposerByChannel<Variables>[C] };
  };
}

/** Gives a template its type. @param variables the schema that its variables are checked with, also when read back */
export function defineTemplate<Variables, Offered extends Channel>(
  variables: z.ZodType<Variables>,
  template: Omit<Template<NoInfer<Variables>, Offered>, 'variables'>,
): Template<Variables, Offered> {
  return { variables, ...template };
}
