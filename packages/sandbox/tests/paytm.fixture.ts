import type { Sandbox } from '../src/index.ts';
import { examplePaytm } from '../src/paytm/paytm.ts';
import { type Answer, call, type Json } from './sandbox.fixture.ts';

export const { mid, merchantKey } = examplePaytm;

export const callbackUrl = 'https://shop.example/paytm/callback';

/** Makes a request's signature: the vendor's own package in tests of the wire, or a wrong one. */
export type Sign = (text: string) => Promise<string>;

/** Calls Paytm's API as a merchant: serialises the body once, signs that text, and sends it as it is. */
export function paytmOf(sandbox: Sandbox, sign: Sign) {
  return async (path: string, body: object): Promise<Answer> => {
    const signature = await sign(JSON.stringify(body));
    return call('POST', `${sandbox.url}/paytm${path}`, {
      body: { head: { version: 'v1', signature }, body },
    });
  };
}

export function initiateBody(orderId: string, more: object = {}): object {
  return {
    requestType: 'Payment',
    mid,
    websiteName: 'WEBSTAGING',
    orderId,
    callbackUrl,
    txnAmount: { value: '499.00', currency: 'INR' },
    userInfo: { custId: 'customer-1' },
    ...more,
  };
}

export function initiatePath(orderId: string): string {
  return `/theia/api/v1/initiateTransaction?mid=${mid}&orderId=${orderId}`;
}

/** The address of the page that a merchant's form opens. */
export function pageUrlOf(sandbox: Sandbox, orderId: string): string {
  return `${sandbox.url}/paytm/theia/api/v1/showPaymentPage?mid=${mid}&orderId=${orderId}`;
}

export function resultOf(answer: Answer): [string, string] {
  const { resultStatus, resultCode }: Json = answer.body.body.resultInfo;
  return [resultStatus, resultCode];
}
