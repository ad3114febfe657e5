import { randomUUID } from 'node:crypto';
import { type CallIdentity, ClientApp, Role, type UserActor } from '@suvidha/auth';
import { loadConfig } from '@suvidha/config';
import { createPool, uuidv7 } from '@suvidha/db';
import { createInProcessBus, type DomainEvent, type EventPayload } from '@suvidha/events';
import { createLog } from '@suvidha/log';
import { createPaymentRequestSigner, PayableType, type PaymentRequestSigner } from '@suvidha/payment-request';
import { createPaymentsApp, paymentsVariables } from '@suvidha/payments';
import type { SubgraphApp } from '@suvidha/subgraph';
import { type FastifyInstance, fastify } from 'fastify';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { SimulatedGateway } from '../../subgraphs/payments/tests/simulated-gateway.fixture.ts';
import { type Load, timed } from './numbers.ts';

export interface OurMeasure {
  readonly perSecond: number;
  /** From the webhook's arrival to the subscriber's CAPTURED, one payment after the other. */
  readonly pushMs: readonly number[];
  /** The same under full load, where it waits for its turn. */
  readonly loadedPushMs: readonly number[];
  readonly commitsPerPayment: number;
}

/** Payments made one after the other. */
const alone = 200;

const returnUrl = 'https://app.example.com/paid';
const initiate = `mutation ($input: InitiatePaymentInput!) {
  initiatePayment(input: $input) { payment { id status checkoutUrl } userErrors { code } }
}`;
const watch = `subscription ($id: ID!) { paymentStatusChanged(paymentId: $id) { status settlement } }`;

interface Stage {
  readonly app: SubgraphApp;
  readonly server: FastifyInstance;
  readonly signer: PaymentRequestSigner;
  readonly gateway: SimulatedGateway;
}

/** The whole subgraph: GraphQL, HTTP for webhooks, jobs, events, subscriptions. The vendor answers within the process. */
export async function runOurs(
  url: string,
  { warmUp, load }: { warmUp: Load; load: Load },
): Promise<OurMeasure> {
  const gateway = new SimulatedGateway({ name: 'RAZORPAY', feeMinor: 1_000 });
  const signer = await createSigner();
  const config = loadConfig(paymentsVariables, {
    DATABASE_URL_PAYMENTS: url,
    INTERNAL_SECRET: randomUUID(),
    RAZORPAY_KEY_ID: 'unused',
    RAZORPAY_KEY_SECRET: 'unused',
    RAZORPAY_WEBHOOK_SECRETS: 'unused',
    PAYMENT_RETURN_ORIGINS: new URL(returnUrl).origin,
  });
  const app: SubgraphApp = await createPaymentsApp({
    config,
    log: createLog({ service: 'bench', level: 'error' }),
    bus: createInProcessBus(),
    transport: async (_consumer, event) => answer(event, (settled) => app.consume(settled)),
    paymentRequestKeys: { billing: createLocalJWKSet({ keys: [signer.publicKey] }) },
    gateways: [gateway],
  });
  const server = fastify();
  await server.register(app.routes);
  await app.start();
  const stage = { app, server, signer, gateway };
  await timed(warmUp, () => payOnce(stage, []));
  const pool = createPool(url, { applicationName: 'bench', max: 1 });
  const before = await countCommits(pool);
  const loadedPushMs: number[] = [];
  const seconds = await timed(load, () => payOnce(stage, loadedPushMs));
  const commits = (await countCommits(pool)) - before;
  const pushMs: number[] = [];
  await timed({ payments: alone, concurrency: 1 }, () => payOnce(stage, pushMs));
  await server.close();
  await app.stop();
  await pool.end();
  return {
    perSecond: load.payments / seconds,
    pushMs,
    loadedPushMs,
    commitsPerPayment: commits / load.payments,
  };
}

async function payOnce({ app, server, signer, gateway }: Stage, pushMs: number[]): Promise<void> {
  const identity = newIdentity();
  const id = await start({ app, signer }, identity);
  const stream = await app.subscribe({ query: watch, variables: { id } }, identity);
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  const [order] = gateway.ordersOf(id);
  const paid = order && gateway.pay(order.id, 'CAPTURED');
  if (!paid) throw new Error('there is no order to pay');
  const sentAt = performance.now();
  const sending = server.inject({
    method: 'POST',
    url: '/webhooks/razorpay',
    headers: { 'content-type': 'application/json', 'x-signature': 'signed', 'x-event-id': paid.id },
    payload: JSON.stringify({ kind: 'PAYMENT', paymentId: paid.id, orderId: paid.orderId }),
  });
  let isPushed = false;
  for await (const { data } of stream) {
    const { status, settlement } = (data?.paymentStatusChanged ?? {}) as {
      status?: string;
      settlement?: string;
    };
    if (status === 'CAPTURED' && !isPushed) {
      pushMs.push(performance.now() - sentAt);
      isPushed = true;
    }
    if (settlement === 'SETTLED') break;
  }
  await sending;
  gateway.forget(id);
}

async function start(
  { app, signer }: Pick<Stage, 'app' | 'signer'>,
  identity: CallIdentity,
): Promise<string> {
  const billId = uuidv7();
  const { userId } = identity.actor as UserActor;
  const paymentRequest = await signer.sign(
    {
      jti: uuidv7(),
      payable: { type: PayableType.BILL, id: billId },
      installmentId: `${billId}:0`,
      payer: `user:${userId}`,
      amountMinor: 49_900,
      currency: 'INR',
    },
    new Date(Date.now() + 900_000),
  );
  const input = { paymentRequest, gateway: 'RAZORPAY', idempotencyKey: uuidv7(), returnUrl };
  const { data, errors } = await app.execute({ query: initiate, variables: { input } }, identity);
  const answered = data?.initiatePayment as { payment: { id: string } | null } | undefined;
  if (!answered?.payment) throw new Error(JSON.stringify({ errors, data }));
  return answered.payment.id;
}

function newIdentity(): CallIdentity {
  const actor: UserActor = {
    kind: 'user',
    userId: uuidv7(),
    sessionId: uuidv7(),
    clientApp: ClientApp.WEB,
    roles: [Role.USER],
    scopes: [],
  };
  return { issuer: 'gateway', actor, requestId: 'bench' };
}

/** The owner of the bill answers as soon as it hears of the money. */
async function answer(event: DomainEvent, consume: (event: DomainEvent) => Promise<void>): Promise<void> {
  if (event.type !== 'payment.captured') return;
  const { paymentId, payable, amountMinor, currency } = event.payload as EventPayload<'payment.captured'>;
  await consume({
    id: uuidv7(),
    type: 'payable.settled',
    schemaVersion: 1,
    aggregateType: 'bill',
    aggregateId: payable.id,
    version: 1,
    occurredAt: new Date().toISOString(),
    payload: { paymentId, payable, amountMinor, currency },
  });
}

async function createSigner(): Promise<PaymentRequestSigner> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return createPaymentRequestSigner('billing', { ...(await exportJWK(privateKey)), kid: 'billing' });
}

async function countCommits(pool: ReturnType<typeof createPool>): Promise<number> {
  const { rows } = await pool.query(
    'select xact_commit::int as commits from pg_stat_database where datname = current_database()',
  );
  return rows[0].commits;
}
