import { expect, it } from 'vitest';
import { toPieces } from '../src/index.ts';

it.each(['', 'x'])('cuts a text into pieces that are whole, and the same when put together: %j', (prefix) => {
  const value = { text: prefix + '💡'.repeat(200_000), amountMinor: 12n };
  const pieces = toPieces(value);
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  expect(JSON.parse(pieces.join(''))).toEqual({ ...value, amountMinor: '12' });
});

it('gives one piece for nothing', () => {
  expect(toPieces({})).toEqual(['{}']);
});
