import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { paymentStatesPage } from './payment-states.page.ts';

it('is what docs/payment-states.md says: else run `npm run payment-states`', async () => {
  const file = new URL('../../../../docs/payment-states.md', import.meta.url);
  expect(await readFile(file, 'utf8')).toBe(paymentStatesPage());
});
