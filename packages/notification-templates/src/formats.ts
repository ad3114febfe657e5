import { currencyExponents, formatAmount, type Money } from '@suvidha/money';
import type { Locale } from './message.ts';

/** How amounts and times are written for one reader. */
export interface Formats {
  /** With the currency's sign: `₹1,249.00`. */
  readonly money: (money: Money) => string;
  /** With the currency's code and nothing outside the SMS alphabet: `INR 1249.00`. */
  readonly plainMoney: (money: Money) => string;
  /** Date and time with its zone: `21 November 2026, 9:30 am IST`. */
  readonly moment: (at: string) => string;
}

/** Where the product is used first; a reader's own zone goes before it. */
export const defaultTimeZone = 'Asia/Kolkata';

/** Latin digits in both languages: it is how amounts and numbers are written on bills in India. */
const tags: Readonly<Record<Locale, string>> = { en: 'en-IN', hi: 'hi-IN-u-nu-latn' };

/** @param timeZone IANA name. Default {@link defaultTimeZone}. */
export function createFormats(locale: Locale, timeZone: string = defaultTimeZone): Formats {
  return {
    money: (money) => formatMoney(locale, money),
    plainMoney: (money) => `${money.currency} ${formatAmount(money)}`,
    moment: (at) => formatMoment(locale, timeZone, new Date(at)),
  };
}

function formatMoney(locale: Locale, money: Money): string {
  const format = new Intl.NumberFormat(tags[locale], {
    style: 'currency',
    currency: money.currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: currencyExponents[money.currency],
  });
  // Text keeps every digit; a number would not for very large amounts.
  return format.format(formatAmount(money) as Intl.StringNumericLiteral);
}

/** The day, the time and the zone. In Hindi the hours go to 24: the words for parts of the day have no short form. */
function formatMoment(locale: Locale, timeZone: string, at: Date): string {
  const day = new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeZone });
  const hours = locale === 'hi' ? { hourCycle: 'h23' as const } : {};
  const time = new Intl.DateTimeFormat(tags[locale], { timeStyle: 'short', timeZone, ...hours });
  return `${day.format(at)}, ${time.format(at)} ${zoneName(timeZone, at)}`;
}

function zoneName(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en-IN', { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
