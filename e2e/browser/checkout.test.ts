import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/browser.ts';
import { Customer, type Payment } from '../support/customer.ts';
import { Product } from '../support/product.ts';

const chromium = findChromium();

/** A payment of the next due bill at this vendor. */
async function startPayment(customer: Customer, gateway: string, returnUrl: string) {
  const { paymentRequest } = await customer.findDueBill();
  const { initiatePayment } = await customer.get<{ initiatePayment: { payment: Payment } }>(
    `mutation ($input: InitiatePaymentInput!) {
      initiatePayment(input: $input) { payment { id status checkoutUrl } userErrors { code message field } } }`,
    {
      input: {
        paymentRequest: paymentRequest.token,
        gateway,
        idempotencyKey: `pay-by-${gateway}`,
        returnUrl,
      },
    },
  );
  return { id: initiatePayment.payment.id, checkoutUrl: initiatePayment.payment.checkoutUrl ?? '' };
}

/** Opens our checkout page; what its scripts and its content security policy complain about fails the test. */
async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) throw new Error(message.text());
  });
  await page.goto(url);
  return page;
}

const payButton = (where: Page | FrameLocator) => where.getByRole('button', { name: /^Pay ₹/ });

async function payByRazorpay(page: Page): Promise<void> {
  const vendor = page.frameLocator('iframe');
  await vendor.getByRole('button', { name: 'Decline' }).click();
  await vendor.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Open the payment window' }).click();
  await payButton(vendor).click();
}

async function payByPaytm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByRole('alert').waitFor();
  await payButton(page).click();
}

describe.skipIf(!chromium)('the checkout page, in a browser', () => {
  it('takes the payer through either vendor and back, after a decline and a second try', async () => {
    await using product = await Product.start('one process');
    const customer = new Customer(product);
    await customer.logIn();
    const browser = await launchChromium(chromium ?? '');
    try {
      const context = await browser.newContext();
      const returnUrl = `${product.url}/payments/return`;
      for (const [gateway, pay] of Object.entries({ RAZORPAY: payByRazorpay, PAYTM: payByPaytm })) {
        const { id, checkoutUrl } = await startPayment(customer, gateway, returnUrl);
        const page = await open(context, checkoutUrl);
        await pay(page);
        await page.waitForURL(returnUrl);
        const seen = await customer.watchUntilSettled(id);
        expect(seen.at(-1)).toMatchObject({ status: 'CAPTURED', settlement: 'SETTLED' });
        await page.goto(checkoutUrl);
        await page.getByText('You do not need to pay again').waitFor();
      }
    } finally {
      await browser.close();
    }
  });
});
