import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/browser.ts';
import { Person } from '../support/person.ts';
import { Product } from '../support/product.ts';

const chromium = findChromium();
const password = 'monsoon-lantern-42';
const newPassword = 'kite-over-harbour-77';

describe.skipIf(!chromium)('the links in mails, followed in a browser', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    product = await Product.start('one process');
    browser = await launchChromium(chromium ?? '');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
  });

  /** The link in the newest of so many mails. */
  async function readLink(person: Person, email: string, count: number): Promise<string> {
    return /https?:\S+#token=[\w-]+/.exec(await person.read(email, count))?.[0] ?? '';
  }

  it('open an account, and give it another password; the token stays in no address bar', async () => {
    const person = new Person(product);
    const email = 'browser@example.org';
    await person.do('registerWithPassword', { email, password });
    const page = await browser.newPage();
    const link = await readLink(person, email, 1);
    expect(link.startsWith(product.url)).toBe(true);
    await page.goto(link);
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await page.getByText('Your address is confirmed').waitFor();
    expect(page.url()).toBe(`${product.url}/verify-email`);
    expect((await person.enter('loginWithPassword', { name: email, password })).user.email).toBe(email);

    const otp = new Person(product);
    const asked = await otp.do('requestPasswordReset', { email: 'asha@example.com' });
    expect(asked.userErrors).toEqual([]);
    await page.goto(await readLink(otp, 'asha@example.com', 1));
    await page.getByLabel('New password').fill('password1');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('easy to guess or known from a breach').waitFor();
    await page.getByLabel('New password').fill(newPassword);
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('Your password is set').waitFor();
    const { user } = await otp.enter('loginWithPassword', { name: 'asha', password: newPassword });
    expect(user.email).toBe('asha@example.com');
  });
});
