import type { Currency } from '@suvidha/money';
import { expect, it } from 'vitest';
import { totalOf } from './cart.rules.ts';

const item = (amountMinor: number, quantity: number, currency: Currency = 'INR') => ({
  product: { price: { amountMinor, currency } },
  quantity,
});

it('adds up price times quantity', () => {
  expect(totalOf([item(49_900, 1), item(3_501, 3)])).toEqual({ amountMinor: 60_403, currency: 'INR' });
});

it('takes the currency of what is in the cart', () => {
  expect(totalOf([item(100, 2, 'NGN')])).toEqual({ amountMinor: 200, currency: 'NGN' });
});

it('is nothing for an empty cart', () => {
  expect(totalOf([])).toEqual({ amountMinor: 0, currency: 'INR' });
});

it('refuses to add two currencies', () => {
  expect(() => totalOf([item(100, 1), item(100, 1, 'USD')])).toThrow(RangeError);
});

it('refuses a sum that is not exact any more', () => {
  expect(() => totalOf([item(Number.MAX_SAFE_INTEGER, 2)])).toThrow(RangeError);
});
