import { assert, bigInt, constantFrom, integer, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Currency,
  currencyExponents,
  formatAmount,
  isCurrency,
  isSameMoney,
  parseAmount,
  toMoney,
} from './index.ts';

const currency = constantFrom(...(Object.keys(currencyExponents) as Currency[]));
/** Up to thirteen digits before the point, which is what we read. */
const maxMinor = 999_999_999_999_999;
const money = tuple(integer({ min: -maxMinor, max: maxMinor }), currency).map(([amountMinor, code]) => ({
  amountMinor,
  currency: code,
}));

describe('formatAmount and parseAmount', () => {
  it('lead back to the same money', () => {
    assert(
      property(money, (given) => {
        expect(parseAmount(formatAmount(given), given.currency)).toEqual(given);
      }),
    );
  });

  it('agree with integer arithmetic', () => {
    assert(
      property(money, (given) => {
        const [major, minor] = formatAmount(given).replace('-', '').split('.');
        expect(BigInt(major ?? '') * 100n + BigInt(minor ?? '')).toBe(BigInt(Math.abs(given.amountMinor)));
        expect(formatAmount(given).startsWith('-')).toBe(given.amountMinor < 0);
      }),
    );
  });

  it.each([
    [0, '0.00'],
    [1, '0.01'],
    [-5, '-0.05'],
    [49_900, '499.00'],
  ])('write %i paise as %s', (amountMinor, text) => {
    expect(formatAmount({ amountMinor, currency: 'INR' })).toBe(text);
  });
});

describe('parseAmount', () => {
  it.each([
    ['499', 49_900],
    ['499.5', 49_950],
    ['007.10', 710],
    ['-0.01', -1],
  ])('reads %s as %i paise', (text, amountMinor) => {
    expect(parseAmount(text, 'INR')).toEqual({ amountMinor, currency: 'INR' });
  });

  it('knows no negative zero', () => {
    expect(Object.is(parseAmount('-0.00', 'INR')?.amountMinor, 0)).toBe(true);
  });

  const noAmounts = ['', '.5', '5.', '1e3', '1,000', ' 1', '1\n', '+1', '--1', '٣', 'NaN', '12345678901234'];
  it.each([...noAmounts, '1.001', '1.000'])('does not read %j', (text) => {
    expect(parseAmount(text, 'INR')).toBeNull();
  });

  it('answers safe integers or nothing, whatever the text', () => {
    assert(
      property(string(), currency, (text, code) => {
        const parsed = parseAmount(text, code);
        expect(parsed === null || Number.isSafeInteger(parsed.amountMinor)).toBe(true);
      }),
    );
  });
});

describe('toMoney', () => {
  it('takes every integer that a number holds exactly, and no other', () => {
    assert(
      property(bigInt(), (amount) => {
        const isSafe = amount >= BigInt(Number.MIN_SAFE_INTEGER) && amount <= BigInt(Number.MAX_SAFE_INTEGER);
        if (isSafe) expect(BigInt(toMoney(amount, 'INR').amountMinor)).toBe(amount);
        else expect(() => toMoney(amount, 'INR')).toThrow(RangeError);
      }),
    );
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2n ** 53n])('refuses %s', (amount) => {
    expect(() => toMoney(amount, 'INR')).toThrow(RangeError);
  });

  it.each(['EUR', 'inr', '', 'toString', '__proto__'])('refuses the currency %j', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => toMoney(1, code)).toThrow(RangeError);
  });
});

it('compares amount and currency', () => {
  const one = toMoney(1, 'INR');
  expect(isSameMoney(one, toMoney(1n, 'INR'))).toBe(true);
  expect(isSameMoney(one, toMoney(2, 'INR'))).toBe(false);
  expect(isSameMoney(one, toMoney(1, 'USD'))).toBe(false);
});
