import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/browser.ts';
import { Explorer } from '../support/explorer.ts';
import { Product } from '../support/product.ts';

const chromium = findChromium();
/** Where pictures of the journey go, such as `docs/images`. Absent: none are taken. */
const pictures = process.env.PICTURES_DIR;

async function takePicture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

function pick(answer: string, field: string): string {
  const [, value] = new RegExp(`"${field}": "([^"]+)"`).exec(answer) ?? [];
  if (!value) throw new Error(`the answer shows no ${field}`);
  return value;
}

describe.skipIf(!chromium)("README's first journey, in a browser", () => {
  it('logs in with the code of the inbox, pays on the vendor page, and sees the bill paid', async () => {
    await using product = await Product.start('one process');
    const browser = await launchChromium(chromium ?? '');
    try {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      const explorer = new Explorer(page);
      await explorer.open(product.url);
      await explorer.run();
      await explorer.readAnswer(/maskedDestination/);

      const inbox = await context.newPage();
      await inbox.goto(product.sandboxUrl);
      await inbox.getByText(/is your Suvidha code/).waitFor();
      await takePicture(inbox, 'inbox');
      const [code] =
        /\d{6}(?= is your Suvidha code)/.exec((await inbox.locator('body').textContent()) ?? '') ?? [];

      await explorer.openTab('LogIn');
      await explorer.setVariables({ destination: '+919876543210', code });
      await explorer.run();
      const authorization = `Bearer ${pick(await explorer.readAnswer(/accessToken/), 'accessToken')}`;

      await explorer.openTab('Bills');
      await explorer.setHeaders({ authorization });
      await explorer.run();
      const paymentRequest = pick(await explorer.readAnswer(/paymentRequest/), 'token');

      await explorer.openTab('Pay');
      await explorer.setHeaders({ authorization });
      const returnUrl = `${product.url}/payments/return`;
      await explorer.setVariables({ paymentRequest, idempotencyKey: 'my-first-payment', returnUrl });
      await explorer.run();
      const started = await explorer.readAnswer(/checkoutUrl/);

      await explorer.openTab('Watch');
      await explorer.setHeaders({ authorization });
      await explorer.setVariables({ paymentId: pick(started, 'id') });
      await explorer.run();
      await explorer.readAnswer(/"PENDING"/);

      const checkout = await context.newPage();
      await checkout.goto(pick(started, 'checkoutUrl'));
      const vendor = checkout.frameLocator('iframe');
      await vendor.getByRole('button', { name: /^Pay ₹/ }).waitFor();
      await takePicture(checkout, 'checkout');
      await vendor.getByRole('button', { name: /^Pay ₹/ }).click();
      await checkout.waitForURL(returnUrl);
      await checkout.getByText('Thank you').waitFor();

      const final = await explorer.readAnswer(/"SETTLED"/);
      expect(final).toContain('"status": "CAPTURED"');
      expect(final).toContain('"status": "PAID"');
      await page.bringToFront();
      await takePicture(page, 'settled');
    } finally {
      await browser.close();
    }
  });
});
