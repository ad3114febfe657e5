import type { Actor, UserActor } from '@suvidha/auth';
import { loadConfig } from '@suvidha/config';
import { createPool, uuidv7 } from '@suvidha/db';
import type { DomainEvent, EventPayload, LiveBus } from '@suvidha/events';
import { createLog } from '@suvidha/log';
import {
  createPaymentRequestSigner,
  PayableType,
  type PaymentRequest,
  type PaymentRequestSigner,
} from '@suvidha/payment-request';
import type { SubgraphApp } from '@suvidha/subgraph';
import { createTestEnvironment, testActor, testDependencies, testIdentity } from '@suvidha/testing';
import { fastify } from 'fastify';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import type { Pool } from 'pg';
import { createPaymentsApp, paymentsVariables } from '../src/index.ts';
import {
  keyId,
  keySecret,
  newWebhookSecret,
  oldWebhookSecret,
  paytmMerchant,
  Vendor,
} from './vendor.fixture.ts';

export const returnUrl = 'https://app.example.com/paid';

/** Where browsers reach the subgraph, as far as it knows. */
export const publicUrl = 'https://pay.example.com';

/** Short enough to wait for, long enough for a call on a busy machine. */
const vendorTimeoutMs = 1_000;

export interface PaymentsWorld extends AsyncDisposable {
  readonly app: SubgraphApp;
  readonly vendor: Vendor;
  /** Billing's. */
  readonly signer: PaymentRequestSigner;
  /** The subgraph's database, to look at. */
  readonly pool: Pool;
  /** Where the vendor's webhooks arrive. */
  readonly webhookUrl: string;
  /** Events that were delivered to the owners of payables. */
  readonly delivered: readonly DomainEvent[];
  /** How far the subgraph's clock is ahead of the machine's. */
  readonly clock: { aheadMs: number };
}

export interface PaymentsOptions {
  readonly bus?: LiveBus;
  /** Default true. Otherwise jobs are stored and nobody does them. */
  readonly doesJobs?: boolean;
}

/** The whole payments subgraph on a database of its own, with the vendor over HTTP in both directions. */
export async function startPayments({ bus, doesJobs = true }: PaymentsOptions = {}): Promise<PaymentsWorld> {
  const vendor = await Vendor.start();
  const config = loadConfig(paymentsVariables, {
    ...(await createTestEnvironment('payments')),
    ...vendorEnvironment(vendor),
    LOG_LEVEL: 'silent',
  });
  const signer = await createSigner('billing');
  const delivered: DomainEvent[] = [];
  const clock = { aheadMs: 0 };
  const dependencies = testDependencies(config);
  const app = await createPaymentsApp({
    ...dependencies,
    bus: bus ?? dependencies.bus,
    transport: async (_consumer, event) => void delivered.push(event),
    paymentRequestKeys: { billing: createLocalJWKSet({ keys: [signer.publicKey] }) },
    vendorTimeoutMs,
    now: () => new Date(Date.now() + clock.aheadMs),
  });
  const inbound = await listenForWebhooks(app);
  const webhookUrl = `${inbound.url}/webhooks/razorpay`;
  await vendor.sendWebhooksTo(webhookUrl);
  if (doesJobs) await app.start();
  const pool = createPool(config.database.url, {
    applicationName: 'test',
    max: 2,
    log: createLog({ service: 'test', level: 'silent' }),
  });
  return {
    app,
    vendor,
    signer,
    pool,
    webhookUrl,
    delivered,
    clock,
    [Symbol.asyncDispose]: async () => {
      await vendor.calm();
      await inbound[Symbol.asyncDispose]();
      await app.stop();
      await vendor[Symbol.asyncDispose]();
      await pool.end();
    },
  };
}

export function vendorEnvironment(vendor: Vendor): Record<string, string> {
  return {
    RAZORPAY_BASE_URL: `${vendor.url}/razorpay/v1`,
    RAZORPAY_CHECKOUT_SCRIPT_URL: `${vendor.url}/razorpay/checkout.js`,
    RAZORPAY_KEY_ID: keyId,
    RAZORPAY_KEY_SECRET: keySecret,
    RAZORPAY_WEBHOOK_SECRETS: `${newWebhookSecret},${oldWebhookSecret}`,
    PAYTM_BASE_URL: `${vendor.url}/paytm`,
    PAYTM_MID: paytmMerchant.mid,
    PAYTM_MERCHANT_KEYS: paytmMerchant.merchantKey,
    PAYTM_WEBSITE_NAME: 'WEBSTAGING',
    PAYMENTS_PUBLIC_URL: publicUrl,
    PAYMENT_RETURN_ORIGINS: 'https://app.example.com,http://localhost:*',
  };
}

/** The subgraph's own HTTP, as its process serves it. */
export async function listenForWebhooks(app: SubgraphApp): Promise<{ url: string } & AsyncDisposable> {
  const server = fastify({ forceCloseConnections: true });
  await server.register(app.routes);
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  return { url, [Symbol.asyncDispose]: () => server.close() };
}

export async function createSigner(owner: string): Promise<PaymentRequestSigner> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return createPaymentRequestSigner(owner, { ...(await exportJWK(privateKey)), kid: owner });
}

/** A debt of 499 rupees that nobody else has, for a customer nobody else is. */
export function newDebt(change: Partial<PaymentRequest> = {}): { actor: UserActor; request: PaymentRequest } {
  const actor = testActor();
  const billId = uuidv7();
  const request: PaymentRequest = {
    jti: uuidv7(),
    payable: { type: PayableType.BILL, id: billId },
    payableNumber: 'EL-202611-7',
    installmentId: `${billId}:0`,
    payer: `user:${actor.userId}`,
    amountMinor: 49_900,
    currency: 'INR',
    ...change,
  };
  return { actor, request };
}

export const inQuarterOfAnHour = () => new Date(Date.now() + 15 * 60_000);

export interface InitiateInput {
  readonly paymentRequest: string;
  readonly idempotencyKey: string;
  /** For a page. */
  readonly returnUrl?: string | null;
  /** Default: HOSTED_PAGE. */
  readonly checkout?: string;
  /** For a QR code. */
  readonly counterId?: string | null;
  /** Default: RAZORPAY. */
  readonly gateway?: string;
}

export interface InitiateAnswer {
  readonly payment: PaymentView | null;
  readonly accessToken: string | null;
  readonly userErrors: readonly { code: string; field: readonly string[] | null }[];
}

export interface PaymentView {
  readonly id: string;
  readonly status: string;
  readonly settlement: string;
  readonly checkoutUrl: string | null;
  readonly gateway?: string;
  readonly failureCode?: string | null;
  readonly qrCode?: QrCodeView | null;
}

export interface QrCodeView {
  readonly upiUri: string | null;
  readonly imageUrl: string;
  readonly expiresAt: string;
}

const initiateMutation = `mutation ($input: InitiatePaymentInput!) {
  initiatePayment(input: $input) {
    payment { id status settlement checkoutUrl gateway failureCode qrCode { upiUri imageUrl expiresAt } }
    accessToken
    userErrors { code field }
  }
}`;

/** A signed request for a new debt, and the input that pays it. */
export async function newAttempt({ signer }: PaymentsWorld, change: Partial<PaymentRequest> = {}) {
  const debt = newDebt(change);
  const paymentRequest = await signer.sign(debt.request, inQuarterOfAnHour());
  return { ...debt, input: { paymentRequest, idempotencyKey: uuidv7(), returnUrl } };
}

export async function initiate(
  { app }: Pick<PaymentsWorld, 'app'>,
  actor: Actor,
  input: InitiateInput,
): Promise<InitiateAnswer> {
  const call = { query: initiateMutation, variables: { input: { gateway: 'RAZORPAY', ...input } } };
  const { data, errors } = await app.execute(call, testIdentity(actor));
  if (errors) throw new AggregateError(errors, `initiatePayment: ${JSON.stringify(errors)}`);
  return data?.initiatePayment as InitiateAnswer;
}

export interface StartedPayment extends PaymentView {
  readonly actor: UserActor;
  readonly request: PaymentRequest;
  readonly checkoutUrl: string;
}

/** A payment for a new debt, for which the vendor waits. */
export async function startPayment(
  world: PaymentsWorld,
  change: Partial<PaymentRequest> = {},
): Promise<StartedPayment> {
  const { actor, request, input } = await newAttempt(world, change);
  const { payment, userErrors } = await initiate(world, actor, input);
  if (!payment?.checkoutUrl) throw new Error(`not started: ${JSON.stringify({ payment, userErrors })}`);
  return { ...payment, checkoutUrl: payment.checkoutUrl, actor, request };
}

const paymentQuery = `query ($id: ID!) {
  payment(id: $id) {
    id status settlement checkoutUrl gateway qrCode { upiUri imageUrl expiresAt }
    timeline { cursor status previousStatus settlement }
  }
}`;

export interface StatusEvent {
  readonly cursor: string;
  readonly status: string;
  readonly previousStatus: string | null;
  readonly settlement: string;
}

export async function readPayment(
  { app }: Pick<PaymentsWorld, 'app'>,
  actor: UserActor,
  id: string,
): Promise<PaymentView & { readonly timeline: readonly StatusEvent[] }> {
  const { data } = await app.execute({ query: paymentQuery, variables: { id } }, testIdentity(actor));
  return data?.payment as PaymentView & { timeline: StatusEvent[] };
}

export const statuses = (payment: { readonly timeline: readonly StatusEvent[] }): string[] =>
  payment.timeline.map(({ status }) => status);

/** Resolves with the first status event that is as wanted, the present one included. */
export async function waitForStatus(
  { app }: Pick<PaymentsWorld, 'app'>,
  { actor, id }: { readonly actor: UserActor; readonly id: string },
  isWanted: (event: StatusEvent) => boolean,
): Promise<StatusEvent> {
  const query = `subscription ($id: ID!) {
    paymentStatusChanged(paymentId: $id) { cursor status previousStatus settlement }
  }`;
  const stream = await app.subscribe({ query, variables: { id } }, testIdentity(actor));
  if (!(Symbol.asyncIterator in stream)) throw new Error(`refused: ${JSON.stringify(stream)}`);
  for await (const { data, errors } of stream) {
    const event = data?.paymentStatusChanged as StatusEvent | undefined;
    if (!event) throw new Error(JSON.stringify(errors));
    if (isWanted(event)) return event;
  }
  throw new Error('the status stream ended');
}

/** An answer of the bill's owner, as it comes by event. */
export function toAnswer<Type extends 'payable.settled' | 'payable.rejected'>(
  type: Type,
  payment: StartedPayment,
  more: Type extends 'payable.rejected'
    ? Pick<EventPayload<'payable.rejected'>, 'reason'>
    : Pick<EventPayload<'payable.settled'>, 'creditedMinor'>,
): DomainEvent {
  const { payable, amountMinor, currency } = payment.request;
  return {
    id: uuidv7(),
    type,
    schemaVersion: 1,
    aggregateType: 'bill',
    aggregateId: payable.id,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload: { paymentId: payment.id, payable, amountMinor, currency, ...more },
  } as DomainEvent;
}

/** Makes jobs of a task due now, as if their time had come. */
export async function hurry({ pool }: Pick<PaymentsWorld, 'pool'>, task: string): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs job set run_at = now()
       from graphile_worker._private_tasks task
      where task.id = job.task_id and task.identifier = $1 and job.run_at > now()`,
    [task],
  );
  await pool.query(`select pg_notify('jobs:insert', '{"r":"0","count":8}')`);
}
