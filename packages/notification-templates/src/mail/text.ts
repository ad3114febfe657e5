import type { Locale } from '../message.ts';
import type { MailContent } from './mail-content.ts';
import { footers } from './words.ts';

/** The text part: what every program can show, and the only part that some people read. */
export function toMailText({ lead, rows = [], button, notes = [] }: MailContent, locale: Locale): string {
  const table = rows.map(([name, value]) => `${name}: ${value}`).join('\n');
  const action = button && `${button.label}:\n${button.link}`;
  const parts = [lead, table, action, ...notes, `-- \n${footers[locale]}`];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
