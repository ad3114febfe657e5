import { expect, it } from 'vitest';
import { countSegments } from './segments.rules.ts';

it.each([
  ['an SMS full of GSM characters', 'a'.repeat(160), 1],
  ['one character more', 'a'.repeat(161), 2],
  ['extended characters, which count twice', '€'.repeat(81), 2],
  ['an SMS full of other characters', 'न'.repeat(70), 1],
  ['one such character more', 'न'.repeat(71), 2],
])('%s', (_name, text, segments) => {
  expect(countSegments(text)).toBe(segments);
});
