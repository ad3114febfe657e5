import {
  createDeliveryHandlers,
  createEventConsumer,
  createEventStore,
  createPrivacyHandlers,
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
import { createGuestAccess } from './access/guest-access.ts';
import { createVisibility } from './access/viewer.ts';
import { createCheckoutRoutes } from './checkout/checkout.routes.ts';
import type { PaymentsConfig } from './config.ts';
import { PaymentStatisticsService } from './dashboard/payment-statistics.service.ts';
import { createDb, type Db } from './db.ts';
import { DiagnosisService } from './diagnosis/diagnosis.service.ts';
import { Gateways } from './gateway/gateways.ts';
import { closeQrCodeTask, createCloseQrCodeHandler } from './jobs/close-qr-code.job.ts';
import {
  createHousekeepingHandler,
  housekeepingTask,
  scheduleHousekeeping,
} from './jobs/housekeeping.job.ts';
import { createIssueReceiptHandler, issueReceiptTask } from './jobs/issue-receipt.job.ts';
import { createProcessWebhookHandler, processWebhookTask } from './jobs/process-webhook.job.ts';
import { createReconcileHandler, createScheduleReconciliationHandler } from './jobs/reconciliation.job.ts';
import { createRefundHandler } from './jobs/refund.job.ts';
import { createResolvePaymentHandler, resolvePaymentTask } from './jobs/resolve-payment.job.ts';
import { ProcessLease } from './lease/process-lease.ts';
import { LedgerService } from './ledger/ledger.service.ts';
import { PaymentService } from './payment/payment.service.ts';
import { PaymentCheckoutService } from './payment/payment-checkout.service.ts';
import { PaymentIntentService } from './payment/payment-intent.service.ts';
import { PaymentPlacementService } from './payment/payment-placement.service.ts';
import { PaymentResolutionService } from './payment/payment-resolution.service.ts';
import { paymentsPersonalData } from './privacy/personal-data.ts';
import { createConfiguredGateways } from './providers/configured-gateways.ts';
import type { PaymentGatewayPort } from './providers/payment-gateway.ts';
import { createReceiptRoutes } from './receipt/receipt.routes.ts';
import { ReceiptService } from './receipt/receipt.service.ts';
import { createReceiptUrls } from './receipt/receipt-url.ts';
import { PaymentComparisonService } from './reconciliation/payment-comparison.service.ts';
import { ReconciliationService } from './reconciliation/reconciliation.service.ts';
import { reconcileTask, scheduleReconciliationTask } from './reconciliation/reconciliation.tasks.ts';
import { ReconciliationRunService } from './reconciliation/reconciliation-run.service.ts';
import { RefundComparisonService } from './reconciliation/refund-comparison.service.ts';
import { RefundService } from './refund/refund.service.ts';
import { refundTask } from './refund/refund.task.ts';
import { RefundExecutionService } from './refund/refund-execution.service.ts';
import { buildPaymentsSchema } from './schema.ts';
import { createSettlementHandlers } from './settlement/settlement.service.ts';
import { createWebhookRoutes } from './webhooks/webhook.routes.ts';
import { WebhookService } from './webhooks/webhook.service.ts';
import { WebhookProcessor } from './webhooks/webhook-processor.ts';

export interface PaymentsDependencies extends SubgraphDependencies<PaymentsConfig> {
  /** Keys of the owners of payables. Default: fetched from each owner's address, and cached. */
  readonly paymentRequestKeys?: PaymentRequestKeys;
  /** The vendors. Default: those that are configured. */
  readonly gateways?: readonly PaymentGatewayPort[];
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
  const gateways = new Gateways(dependencies.gateways ?? createGateways(dependencies));
  const verify = createPaymentRequestVerifier(dependencies.paymentRequestKeys ?? toRemoteKeys(config));
  const store = createEventStore<Db>({ db, bus, log });
  const streams = createStatusStreams({
    aggregateType: 'payment',
    statusEvent: 'payment.status_changed',
    sql: db,
    bus,
    log,
  });
  const lease = new ProcessLease(database.pool, log);
  const parts = { db, store, gateways, log, now };
  const placement = new PaymentPlacementService({ ...parts, lease });
  const resolution = new PaymentResolutionService({ ...parts, placement });
  const returnOrigins = config.returns.origins;
  const intents = new PaymentIntentService({ ...parts, verify, placement, returnOrigins });
  const guests = createGuestAccess(config.internal.secret);
  const payments = new PaymentService({ db, streams, isVisible: createVisibility(guests, now), now });
  const execution = new RefundExecutionService(parts);
  const webhooks = new WebhookProcessor({ db, gateways, resolution, refunds: execution, now });
  const checkout = new PaymentCheckoutService({
    payments,
    intents,
    placement,
    resolution,
    gateways,
    guests,
    log,
  });
  const checkoutRoutes = createCheckoutRoutes({
    gateways,
    findPayment: (vendorOrderId) => db.payment.findUnique({ where: { vendorOrderId } }),
    confirm: ({ id }, fields) =>
      checkout.confirm({ actor: { kind: 'service', service: 'payments' } }, id, fields),
    merchantName: config.checkout.merchantName,
    log,
  });
  const inbox = new WebhookService(db);
  const webhookRoutes = createWebhookRoutes(gateways, inbox, log);
  const ledger = new LedgerService(db);
  const reconciliation = new ReconciliationService(parts);
  const runs = new ReconciliationRunService({
    ...parts,
    kinds: [
      new PaymentComparisonService({ db, gateways, resolution }),
      new RefundComparisonService({ db, gateways, refunds: execution }),
    ],
    ledger,
  });
  const receiptUrls = createReceiptUrls({
    secret: config.internal.secret,
    publicUrl: config.checkout.publicUrl ?? config.services.payments,
    now,
  });
  const receipts = new ReceiptService({ ...parts, urls: receiptUrls });
  const { merchantName } = config.checkout;
  const app = createSubgraphApp({
    name: 'payments',
    subgraph: await buildPaymentsSchema({
      payments,
      checkout,
      refunds: new RefundService(parts),
      ledger,
      reconciliation,
      diagnosis: new DiagnosisService({ db, now }),
      webhooks: inbox,
      statistics: new PaymentStatisticsService(db),
      receipts,
      receiptUrls,
    }),
    database,
    log,
    consume: createEventConsumer(store, {
      ...createSettlementHandlers(log),
      ...createPrivacyHandlers(paymentsPersonalData),
    }),
    jobs: {
      ...createDeliveryHandlers(transport),
      [resolvePaymentTask]: createResolvePaymentHandler(resolution, db, now),
      [closeQrCodeTask]: createCloseQrCodeHandler(parts),
      [processWebhookTask]: createProcessWebhookHandler(webhooks),
      [refundTask]: createRefundHandler(execution, db, now),
      [issueReceiptTask]: createIssueReceiptHandler(receipts),
      [reconcileTask]: createReconcileHandler(runs),
      [scheduleReconciliationTask]: createScheduleReconciliationHandler(reconciliation),
      [housekeepingTask]: createHousekeepingHandler(db, now),
    },
    routes: async (server) => {
      await server.register(webhookRoutes);
      await server.register(checkoutRoutes);
      await server.register(createReceiptRoutes({ receipts, urls: receiptUrls, merchantName }));
    },
    close: async () => {
      streams.close();
      await lease.release();
      await db.$disconnect();
    },
  });
  return {
    ...app,
    start: async () => {
      await reconciliation.planAll();
      await scheduleHousekeeping(db);
      await app.start();
    },
  };
}

function createGateways({ config, vendorTimeoutMs }: PaymentsDependencies): readonly PaymentGatewayPort[] {
  return createConfiguredGateways(config, vendorTimeoutMs ? { timeoutMs: vendorTimeoutMs } : {});
}

function toRemoteKeys({ services }: PaymentsConfig): PaymentRequestKeys {
  const keysOf = (url: string) => createRemoteJWKSet(new URL('/.well-known/jwks.json', url));
  return { billing: keysOf(services.billing), commerce: keysOf(services.commerce) };
}
