import type { Locale } from '@suvidha/notification-templates';
import { registerEnumType } from 'type-graphql';

/** A language that messages are written in. */
export enum Language {
  EN = 'EN',
  HI = 'HI',
}

registerEnumType(Language, {
  name: 'Language',
  description: 'A language that messages are written in.',
  valuesConfig: {
    EN: { description: 'English.' },
    HI: { description: 'Hindi, in Devanagari.' },
  },
});

export function toLocale(language: Language): Locale {
  return language === Language.HI ? 'hi' : 'en';
}

export function toLanguage(locale: string): Language {
  return locale === 'hi' ? Language.HI : Language.EN;
}
