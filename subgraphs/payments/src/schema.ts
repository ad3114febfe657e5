import { type BuiltSubgraph, buildSubgraph, mapEvents } from '@suvidha/subgraph';
import { AdminDashboardResolver } from './dashboard/admin-dashboard.resolver.ts';
import { AdminDashboardStub } from './dashboard/admin-dashboard.stub.ts';
import type { PaymentStatisticsService } from './dashboard/payment-statistics.service.ts';
import { DiagnosisResolver } from './diagnosis/diagnosis.resolver.ts';
import type { DiagnosisService } from './diagnosis/diagnosis.service.ts';
import { LedgerResolver } from './ledger/ledger.resolver.ts';
import type { LedgerService } from './ledger/ledger.service.ts';
import { BillResolver, OrderResolver, ServicePurchaseResolver } from './payable/payable.resolvers.ts';
import { BillStub, OrderStub, ServicePurchaseStub, toPayableStub } from './payable/payable.stubs.ts';
import { createPaymentLoaders } from './payment/payment.loaders.ts';
import { PaymentResolver } from './payment/payment.resolver.ts';
import type { PaymentService } from './payment/payment.service.ts';
import { toPaymentType, toStatusEvent } from './payment/payment.view.ts';
import type { PaymentCheckoutService } from './payment/payment-checkout.service.ts';
import { PaymentReceiptResolver, RefundReceiptResolver } from './receipt/receipt.resolver.ts';
import type { ReceiptService } from './receipt/receipt.service.ts';
import type { ReceiptUrls } from './receipt/receipt-url.ts';
import { ReconciliationResolver } from './reconciliation/reconciliation.resolver.ts';
import type { ReconciliationService } from './reconciliation/reconciliation.service.ts';
import { RefundResolver } from './refund/refund.resolver.ts';
import type { RefundService } from './refund/refund.service.ts';
import { toRefundType } from './refund/refund.view.ts';
import { UserResolver } from './user/user.resolver.ts';
import { UserStub } from './user/user.stub.ts';
import { WebhookResolver } from './webhooks/webhook.resolver.ts';
import type { WebhookService } from './webhooks/webhook.service.ts';

export interface PaymentsServices {
  readonly payments: PaymentService;
  readonly checkout: PaymentCheckoutService;
  readonly refunds: RefundService;
  readonly ledger: LedgerService;
  readonly reconciliation: ReconciliationService;
  readonly diagnosis: DiagnosisService;
  readonly webhooks: WebhookService;
  readonly statistics: PaymentStatisticsService;
  readonly receipts: ReceiptService;
  readonly receiptUrls: ReceiptUrls;
}

/** The payments subgraph: its own types over its services, and what it adds to types of others. */
export function buildPaymentsSchema(services: PaymentsServices): Promise<BuiltSubgraph> {
  const {
    payments,
    checkout,
    refunds,
    ledger,
    reconciliation,
    diagnosis,
    webhooks,
    statistics,
    receiptUrls,
  } = services;
  const load = createPaymentLoaders(services);
  return buildSubgraph({
    resolvers: [
      PaymentResolver,
      RefundResolver,
      LedgerResolver,
      ReconciliationResolver,
      DiagnosisResolver,
      WebhookResolver,
      AdminDashboardResolver,
      PaymentReceiptResolver,
      RefundReceiptResolver,
      BillResolver,
      OrderResolver,
      ServicePurchaseResolver,
      UserResolver,
    ],
    orphanedTypes: [AdminDashboardStub, UserStub, BillStub, OrderStub, ServicePurchaseStub],
    references: {
      Payment: async ({ id }, context) => {
        const payment = await load.byId(context).load(String(id));
        return payment && toPaymentType(payment);
      },
      Refund: async ({ id }, context) => {
        const refund = await load.refundById(context).load(String(id));
        return refund && toRefundType(refund);
      },
      AdminDashboard: ({ from, to }) => ({ from: new Date(String(from)), to: new Date(String(to)) }),
      Bill: ({ id }) => toPayableStub({ type: 'BILL', id: String(id) }),
      Order: ({ id }) => toPayableStub({ type: 'ORDER', id: String(id) }),
      ServicePurchase: ({ id }) => toPayableStub({ type: 'SERVICE_PURCHASE', id: String(id) }),
      User: ({ id }) => ({ id }),
    },
    subscriptions: {
      paymentStatusChanged: async ({ paymentId, after, accessToken }, { actor }) => {
        const viewer = { actor, accessToken: accessToken as string | null };
        return mapEvents(
          await payments.watch(viewer, String(paymentId), after as string | null),
          toStatusEvent,
        );
      },
    },
    instances: [
      new PaymentResolver(payments, checkout, load),
      new RefundResolver(refunds, load),
      new LedgerResolver(ledger),
      new ReconciliationResolver(reconciliation),
      new DiagnosisResolver(diagnosis),
      new WebhookResolver(webhooks),
      new AdminDashboardResolver(statistics),
      new PaymentReceiptResolver({ load, urls: receiptUrls }),
      new RefundReceiptResolver({ load, urls: receiptUrls }),
      new BillResolver(load),
      new OrderResolver(load),
      new ServicePurchaseResolver(load),
      new UserResolver(payments),
    ],
  });
}
