import type { Locale } from '../message.ts';

/** What stands below every mail. */
export const footers: Readonly<Record<Locale, string>> = {
  en: 'This mail was sent by Suvidha. Nobody reads answers to it.',
  hi: 'यह मेल सुविधा ने भेजी है। कृपया इसका उत्तर न दें।',
};

/** What stands before the address of a button, for who cannot press it. */
export const linkHints: Readonly<Record<Locale, string>> = {
  en: 'If the button does not work, open this address:',
  hi: 'अगर बटन काम न करे, तो यह पता खोलें:',
};
