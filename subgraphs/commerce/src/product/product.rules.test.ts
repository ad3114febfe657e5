import { expect, it } from 'vitest';
import { isSlug } from './product.rules.ts';

it.each(['soap', 'steel-water-bottle', 'bulb-9w', '7up'])('takes %j for a slug', (text) => {
  expect(isSlug(text)).toBe(true);
});

it.each(['', '-', 'a--b', 'a-', '-a', 'Soap', 'a b', 'a\u0000', 'ä', 'soap\n'])(
  'does not take %j for a slug',
  (text) => {
    expect(isSlug(text)).toBe(false);
  },
);
