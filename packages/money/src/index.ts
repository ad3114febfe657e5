/** Currencies the product takes, with the number of decimal places of each (ISO 4217 exponent). */
export const currencyExponents = { INR: 2, NGN: 2, USD: 2 } as const;

/** ISO 4217 alphabetic code. */
export type Currency = keyof typeof currencyExponents;

/** An exact amount: an integer of the currency's minor unit (paise, kobo, cents). */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(currencyExponents, code);
}

/**
 * Builds money from what a database or a wire gave.
 * @throws RangeError when the amount is not a safe integer or the currency is not one of ours.
 */
export function toMoney(amountMinor: number | bigint, currency: string): Money {
  const amount = Number(amountMinor);
  if (!Number.isSafeInteger(amount)) throw new RangeError('an amount must be an integer of minor units');
  if (!isCurrency(currency)) throw new RangeError('the currency is not one this product takes');
  return { amountMinor: amount, currency };
}

/** The amount in the major unit with all its decimal places, such as `499.00`. */
export function formatAmount({ amountMinor, currency }: Money): string {
  const exponent = currencyExponents[currency];
  const digits = Math.abs(amountMinor)
    .toString()
    .padStart(exponent + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Reads an amount in the major unit.
 * @returns null when it has more decimal places than the currency, or is no decimal number.
 */
export function parseAmount(text: string, currency: Currency): Money | null {
  const exponent = currencyExponents[currency];
  const match = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > exponent) return null;
  const minor = Number(`${match[2]}${fraction.padEnd(exponent, '0')}`);
  return { amountMinor: match[1] === '-' && minor !== 0 ? -minor : minor, currency };
}

export function isSameMoney(a: Money, b: Money): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency;
}
