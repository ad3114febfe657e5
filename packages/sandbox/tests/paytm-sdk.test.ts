import PaytmChecksum from 'paytmchecksum';
import { expect, it } from 'vitest';
import { callbackUrl, initiateBody, initiatePath, merchantKey, pageUrlOf, paytmOf } from './paytm.fixture.ts';
import { controlOf, type Json, Receiver, startSandbox } from './sandbox.fixture.ts';

/** Paytm's own package signs what the merchant sends, and verifies what Paytm sends. */
const sign = (text: string) => PaytmChecksum.generateSignature(text, merchantKey);
const isGenuine = (params: string | Json, checksum: string) =>
  PaytmChecksum.verifySignature(params, merchantKey, checksum);

it('signs requests, and verifies answers', async () => {
  await using sandbox = await startSandbox();
  const paytm = paytmOf(sandbox, sign);
  const { body } = await paytm(initiatePath('ORDER_1'), initiateBody('ORDER_1'));
  expect(body.body).toMatchObject({ resultInfo: { resultStatus: 'S', resultCode: '0000' } });
  expect(isGenuine(JSON.stringify(body.body), body.head.signature)).toBe(true);
  expect(isGenuine(`${JSON.stringify(body.body)} `, body.head.signature)).toBe(false);
});

it('verifies what the checkout page hands to the merchant', async () => {
  await using sandbox = await startSandbox();
  const { body } = await paytmOf(sandbox, sign)(initiatePath('ORDER_1'), initiateBody('ORDER_1'));
  const url = pageUrlOf(sandbox, 'ORDER_1').replace('showPaymentPage', 'processTransaction');
  const fields = new URLSearchParams({ txnToken: body.body.txnToken, action: 'pay' });
  const page = await (await fetch(url, { method: 'POST', body: fields })).text();
  expect(page).toContain(`action="${callbackUrl}"`);
  const { CHECKSUMHASH = '', ...callback } = readHidden(page);
  expect(callback).toMatchObject({ ORDERID: 'ORDER_1', STATUS: 'TXN_SUCCESS', TXNAMOUNT: '499.00' });
  expect(isGenuine({ ...callback }, CHECKSUMHASH)).toBe(true);
  expect(isGenuine({ ...callback, TXNAMOUNT: '4.99' }, CHECKSUMHASH)).toBe(false);
});

it.each(['form', 'json'] as const)('verifies webhooks in the %s shape', async (format) => {
  await using receiver = await Receiver.start();
  await using sandbox = await startSandbox();
  await controlOf(sandbox).post('/webhook', { party: 'paytm', url: receiver.url, format });
  await paytmOf(sandbox, sign)(initiatePath('ORDER_1'), initiateBody('ORDER_1'));
  const click = { checkoutUrl: 'https://shop.example/checkout/ORDER_1', outcome: 'success' };
  expect((await controlOf(sandbox).post('/pay', click)).body).toMatchObject({ status: 'TXN_SUCCESS' });
  await receiver.waitFor(1);
  const [{ raw, headers } = { raw: '', headers: {} }] = receiver.received;
  if (format === 'form') {
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    const { CHECKSUMHASH = '', ...fields } = Object.fromEntries(new URLSearchParams(raw));
    expect(isGenuine(fields, CHECKSUMHASH)).toBe(true);
  } else {
    expect(headers['content-type']).toBe('application/json');
    const text = raw.slice(raw.indexOf('"body":') + '"body":'.length, -1);
    expect(isGenuine(text, JSON.parse(raw).head.signature)).toBe(true);
  }
});

function readHidden(page: string): Record<string, string> {
  const inputs = page.matchAll(/<input type="hidden" name="([A-Z]+)" value="([^"]*)">/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}
