import {
  createDeliveryHandlers,
  createEventConsumer,
  createEventStore,
  createStatusStreams,
} from '@suvidha/events';
import { createPaymentRequestVerifier, type PaymentRequestKeys } from '@suvidha/payment-request';
import {
  createSubgraphApp,
  openDatabase,
  type SubgraphApp,
  type SubgraphDependencies,
} from '@suvidha/subgraph';
import { createRemoteJWKSet } from 'jose';
import type { PaymentsConfig } from './config.ts';
import { createDb, type Db } from './db.ts';
import { createProcessWebhookHandler, processWebhookTask } from './jobs/process-webhook.job.ts';
import { createRefundHandler, refundTask } from './jobs/refund.job.ts';
import { createResolvePaymentHandler, resolvePaymentTask } from './jobs/resolve-payment.job.ts';
import { PaymentService } from './payment/payment.service.ts';
import { PaymentIntentService } from './payment/payment-intent.service.ts';
import { PaymentResolutionService } from './payment/payment-resolution.service.ts';
import { createRazorpayGateway } from './providers/razorpay/razorpay.gateway.ts';
import { RefundService } from './refund/refund.service.ts';
import { buildPaymentsSchema } from './schema.ts';
import { recordRejected, recordSettled } from './settlement/settlement.service.ts';
import { createWebhookRoutes } from './webhooks/webhook.routes.ts';
import { WebhookService } from './webhooks/webhook.service.ts';

export interface PaymentsDependencies extends SubgraphDependencies<PaymentsConfig> {
  /** Keys of the owners of payables. Default: fetched from each owner's address, and cached. */
  readonly paymentRequestKeys?: PaymentRequestKeys;
  /** How long a call to a vendor may take. Default: the vendor's. */
  readonly vendorTimeoutMs?: number;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

const migrationsDirectory = new URL('../../../prisma/payments/migrations', import.meta.url).pathname;

/** Builds the payments subgraph from its configuration: the only place that constructs its services. */
export async function createPaymentsApp(dependencies: PaymentsDependencies): Promise<SubgraphApp> {
  const { config, log, bus, transport, now = () => new Date() } = dependencies;
  const database = await openDatabase({
    url: config.database.url,
    migrationsDirectory,
    applicationName: 'payments',
    log,
  });
  const db = createDb(database.pool);
  const gateway = createRazorpayGateway({
    ...config.razorpay,
    ...(dependencies.vendorTimeoutMs && { timeoutMs: dependencies.vendorTimeoutMs }),
  });
  const verify = createPaymentRequestVerifier(dependencies.paymentRequestKeys ?? toRemoteKeys(config));
  const store = createEventStore<Db>({ db, bus, log });
  const streams = createStatusStreams({
    aggregateType: 'payment',
    statusEvent: 'payment.status_changed',
    sql: db,
    bus,
    log,
  });
  const resolution = new PaymentResolutionService({ store, db, gateway, log, now });
  const intents = new PaymentIntentService({ store, verify, returnOrigins: config.returns.origins, now });
  const refunds = new RefundService({ db, store, gateway });
  return createSubgraphApp({
    name: 'payments',
    subgraph: await buildPaymentsSchema({
      payments: new PaymentService({ db, intents, resolution, streams }),
    }),
    database,
    log,
    consume: createEventConsumer(store, {
      'payable.settled': recordSettled,
      'payable.rejected': recordRejected,
    }),
    jobs: {
      ...createDeliveryHandlers(transport),
      [resolvePaymentTask]: createResolvePaymentHandler(resolution, db, now),
      [processWebhookTask]: createProcessWebhookHandler(db, gateway, resolution, now),
      [refundTask]: createRefundHandler(refunds),
    },
    routes: createWebhookRoutes(gateway, new WebhookService(db), log),
    close: async () => {
      streams.close();
      await db.$disconnect();
    },
  });
}

function toRemoteKeys({ services }: PaymentsConfig): PaymentRequestKeys {
  const keysOf = (url: string) => createRemoteJWKSet(new URL('/.well-known/jwks.json', url));
  return { billing: keysOf(services.billing), commerce: keysOf(services.commerce) };
}
