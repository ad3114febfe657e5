import { expect, it } from 'vitest';
import { sms } from './sms.ts';

it('asks for exactly the values that the pattern names', () => {
  sms('##code## for ##minutes## minutes', () => ({ code: '1', minutes: '2' }));
  // @ts-expect-error a value is missing
  sms('##code## for ##minutes## minutes', () => ({ code: '1' }));
  expect(sms('plain', () => ({})).pattern).toBe('plain');
});
