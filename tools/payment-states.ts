// Draws the states of payments and refunds from their transition tables, or checks that the drawing is not stale:
//   npm run payment-states
//   npm run payment-states -- --check
import { readFile, writeFile } from 'node:fs/promises';
import { paymentStatesPage } from '@suvidha/payments';

const file = new URL('../docs/payment-states.md', import.meta.url);
const page = paymentStatesPage();

if (!process.argv.includes('--check')) await writeFile(file, page);
else if ((await readFile(file, 'utf8').catch(() => '')) !== page) {
  console.error('docs/payment-states.md is stale: npm run payment-states');
  process.exitCode = 1;
}
