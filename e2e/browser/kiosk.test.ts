import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/browser.ts';
import { Customer } from '../support/customer.ts';
import { Product } from '../support/product.ts';

const chromium = findChromium();

/** A payment of the next due bill at a kiosk, and the picture that the kiosk shows. */
async function showQrCode(customer: Customer, gateway: string): Promise<{ id: string; imageUrl: string }> {
  const { paymentRequest } = await customer.findDueBill();
  const { initiatePayment } = await customer.get<{
    initiatePayment: { payment: { id: string; qrCode: { imageUrl: string } } };
  }>(
    `mutation ($input: InitiatePaymentInput!) {
      initiatePayment(input: $input) { payment { id qrCode { imageUrl } } userErrors { code message field } } }`,
    {
      input: {
        paymentRequest: paymentRequest.token,
        gateway,
        checkout: 'UPI_QR',
        counterId: 'KIOSK-7',
        idempotencyKey: `scan-by-${gateway}`,
      },
    },
  );
  const { id, qrCode } = initiatePayment.payment;
  return { id, imageUrl: qrCode.imageUrl };
}

/** Shows the picture in a page of another origin, as kiosks do. @returns its width. */
async function draw(browser: Browser, imageUrl: string): Promise<number> {
  const page = await browser.newPage();
  await page.setContent(`<img id="code" alt="QR code" src="${imageUrl}">`);
  return page.locator('#code').evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return image.naturalWidth;
  });
}

describe.skipIf(!chromium)('a kiosk, in a browser', () => {
  it('shows the QR code of either vendor, and hears when somebody has scanned it', async () => {
    await using product = await Product.start('one process');
    const customer = new Customer(product);
    await customer.logIn();
    const browser = await launchChromium(chromium ?? '');
    try {
      for (const gateway of ['RAZORPAY', 'PAYTM']) {
        const { id, imageUrl } = await showQrCode(customer, gateway);
        expect(await draw(browser, imageUrl)).toBeGreaterThan(0);
        const sandbox = await browser.newPage();
        await sandbox.goto(product.sandboxUrl);
        await sandbox.getByRole('button', { name: 'Scan and pay' }).click();
        const seen = await customer.watchUntilSettled(id);
        expect(seen.at(-1)).toMatchObject({ status: 'CAPTURED', settlement: 'SETTLED' });
      }
    } finally {
      await browser.close();
    }
  });
});
