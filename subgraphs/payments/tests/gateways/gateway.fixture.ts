import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { uuidv7 } from '@suvidha/db';
import { createSandbox } from '@suvidha/sandbox';
import type { CircuitOptions } from '../../src/providers/http/circuit-breaker.ts';
import type { OrderRequest, PaymentGatewayPort, QrCodeRequest } from '../../src/providers/payment-gateway.ts';
import { createPaytmGateway } from '../../src/providers/paytm/paytm.gateway.ts';
import { createRazorpayGateway } from '../../src/providers/razorpay/razorpay.gateway.ts';

const razorpay = {
  keyId: 'rzp_test_contract',
  keySecret: 'contract key secret',
  webhookSecret: 'new webhook secret',
};
const paytm = { mid: 'ContractMerchant0001', merchantKey: 'contract_key_001' };

export type Party = 'razorpay' | 'paytm';

/** What the vendors call the same thing, for scenarios. */
export const callNames = {
  razorpay: { create: 'create-order', status: 'list-order-payments', refund: 'create-refund' },
  paytm: { create: 'initiate-transaction', status: 'order-status', refund: 'apply-refund' },
} as const satisfies Record<Party, object>;

export interface Webhook {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

export interface GatewayOptions {
  readonly timeoutMs?: number;
  readonly circuit?: CircuitOptions;
  /** Default: the vendor's. */
  readonly baseUrl?: string;
  /** Default: those that the vendor signs with, after one that it does not use. */
  readonly secrets?: readonly [string, ...string[]];
}

export interface PaidAttempt {
  readonly paymentId: string;
  readonly callback: Record<string, string>;
}

/** A vendor, our adapter of it, and a place where its webhooks arrive. */
export interface VendorWorld extends AsyncDisposable {
  readonly gateway: PaymentGatewayPort;
  readonly url: string;
  createGateway(options?: GatewayOptions): PaymentGatewayPort;
  /** What a payer does on the vendor's page. */
  pay(checkoutUrl: string, outcome?: string, amountMinor?: number): Promise<PaidAttempt>;
  scan(codeId: string, outcome?: string): Promise<PaidAttempt>;
  answerLate(paymentId: string, outcome?: string): Promise<void>;
  strike(scenario: object): Promise<void>;
  control(path: string, body: object): Promise<unknown>;
  state(): Promise<{ orders: object[]; refunds: object[]; payments: object[] }>;
  /** When a QR code closes by itself, in unix seconds. */
  endOf(codeId: string): Promise<number | undefined>;
  /** Resolves when so many webhooks have come. */
  webhooks(count: number): Promise<readonly Webhook[]>;
}

export async function startVendor(party: Party): Promise<VendorWorld> {
  const inbound = await listen();
  const sandbox = await createSandbox({
    port: 0,
    razorpay,
    paytm,
    twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'unused' },
  });
  const createGateway = (options: GatewayOptions = {}) => build(party, sandbox.url, options);
  const control = async (path: string, body?: object) => {
    const response = await fetch(`${sandbox.url}/control${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  await control('/webhook', { party, url: inbound.url });
  return {
    url: sandbox.url,
    gateway: createGateway(),
    createGateway,
    control,
    pay: (checkoutUrl, outcome = 'success', amountMinor) =>
      control('/pay', { checkoutUrl, outcome, amountMinor }),
    scan: (codeId, outcome = 'success') => control('/scan', { codeId, outcome }),
    answerLate: async (paymentId, outcome = 'success') =>
      void (await control('/bank-answer', { paymentId, outcome })),
    strike: async (scenario) => void (await control('/scenario', { party, ...scenario })),
    state: async () => (await control('/state'))[party],
    endOf: async (codeId) => {
      const state: {
        razorpay: { qrCodes: { id: string; close_by: number }[] };
        paytm: { orders: { id: string; expires_at: string }[] };
      } = await control('/state');
      const order = state.paytm.orders.find(({ id }) => id === codeId);
      const code = state.razorpay.qrCodes.find(({ id }) => id === codeId);
      return code?.close_by ?? (order && Date.parse(order.expires_at) / 1_000);
    },
    webhooks: inbound.waitFor,
    [Symbol.asyncDispose]: async () => {
      await sandbox.close();
      await inbound[Symbol.asyncDispose]();
    },
  };
}

function build(party: Party, sandboxUrl: string, options: GatewayOptions): PaymentGatewayPort {
  const { timeoutMs, circuit, secrets } = options;
  const shared = {
    baseUrl: options.baseUrl ?? (party === 'razorpay' ? `${sandboxUrl}/razorpay/v1` : `${sandboxUrl}/paytm`),
    checkoutUrl: 'https://pay.example.com/checkout',
    ...(timeoutMs && { timeoutMs }),
    ...(circuit && { circuit }),
  };
  if (party === 'razorpay')
    return createRazorpayGateway({
      ...shared,
      ...razorpay,
      scriptUrl: `${sandboxUrl}/razorpay/checkout.js`,
      webhookSecrets: secrets ?? ['newer webhook secret', razorpay.webhookSecret],
    });
  return createPaytmGateway({
    ...shared,
    mid: paytm.mid,
    merchantKeys: secrets ?? [paytm.merchantKey, 'contract_key_000'],
    websiteName: 'WEBSTAGING',
    callbackUrl: 'https://pay.example.com/checkout/callback',
  });
}

async function listen() {
  const received: Webhook[] = [];
  let changed = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    received.push({ body: await buffer(request), headers: request.headers });
    response.writeHead(200).end();
    changed.resolve();
    changed = Promise.withResolvers<void>();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waitFor: async (count: number): Promise<readonly Webhook[]> => {
      while (received.length < count) await changed.promise;
      return received;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** 499 rupees for a payment that nobody else has. */
export function newOrder(change: Partial<OrderRequest> = {}): OrderRequest {
  return {
    paymentId: uuidv7(),
    amountMinor: 49_900,
    currency: 'INR',
    ...change,
  };
}

/** The same at a counter, for 10 minutes. */
export function newQrCode(): QrCodeRequest {
  return { ...newOrder(), counterId: 'COUNTER_1', expiresAt: new Date(Date.now() + 10 * 60_000) };
}

/** A new order, paid. */
export async function createPaid(world: VendorWorld) {
  const request = newOrder();
  const order = await world.gateway.createOrder(request);
  const { paymentId: vendorPaymentId, callback } = await world.pay(order.checkoutUrl);
  return { request, order, vendorPaymentId, vendorOrderId: order.id, callback };
}

/** A refund of 99 rupees that nobody has asked for yet. */
export function newRefund(paid: { vendorPaymentId: string; vendorOrderId: string }, amountMinor = 9_900) {
  const { vendorPaymentId, vendorOrderId } = paid;
  return { refundId: uuidv7(), vendorPaymentId, vendorOrderId, amountMinor, currency: 'INR' };
}
