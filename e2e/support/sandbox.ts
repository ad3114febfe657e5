import { createSandbox } from '@suvidha/sandbox';

type RazorpayState = {
  readonly orders: readonly { readonly id: string; readonly receipt: string; readonly status: string }[];
  readonly payments: readonly {
    readonly order_id: string;
    readonly status: string;
    readonly amount: number;
  }[];
  readonly refunds: readonly unknown[];
};

/** A provider sandbox that outlives the product, with its controls. */
export interface TestSandbox extends AsyncDisposable {
  readonly url: string;
  /** From now on requests wait at this point, until they are released or their sender is gone. */
  hold(point: string): Promise<void>;
  /** Resolves when a request waits there. */
  untilHeld(point: string): Promise<void>;
  release(point: string): Promise<void>;
  sendWebhooksTo(url: string): Promise<void>;
  state(): Promise<RazorpayState>;
}

export async function startSandbox(): Promise<TestSandbox> {
  const sandbox = await createSandbox({
    port: 0,
    razorpay: {
      keyId: 'rzp_test_sandbox',
      keySecret: 'sandbox_key_secret',
      webhookSecret: 'sandbox_webhook_secret',
    },
    twilio: { accountSid: 'AC00000000000000000000000000000000', authToken: 'sandbox_auth_token' },
  });
  const control = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await fetch(`${sandbox.url}/control${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the sandbox refused ${path}: ${await response.text()}`);
    return response;
  };
  return {
    url: sandbox.url,
    hold: async (point) => {
      await control('POST', '/hold', { point });
    },
    untilHeld: async (point) => {
      const response = await control('GET', `/hold/${point}/wait?timeoutMs=30000`);
      const { held } = (await response.json()) as { held: number };
      if (held === 0) throw new Error(`nothing came to wait at ${point}`);
    },
    release: async (point) => {
      await control('DELETE', `/hold/${point}`);
    },
    sendWebhooksTo: async (url) => {
      await control('POST', '/webhook', { url });
    },
    state: async () => {
      const response = await control('GET', '/state');
      return ((await response.json()) as { razorpay: RazorpayState }).razorpay;
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}
