import {
  createDeliveryHandlers,
  createEventConsumer,
  createEventStore,
  createPrivacyHandlers,
} from '@suvidha/events';
import { createPaymentRequestSigner } from '@suvidha/payment-request';
import {
  createSubgraphApp,
  openDatabase,
  type SubgraphApp,
  type SubgraphDependencies,
} from '@suvidha/subgraph';
import type { FastifyPluginAsync } from 'fastify';
import type { JWK } from 'jose';
import { BillService } from './bill/bill.service.ts';
import type { BillingConfig } from './config.ts';
import { ConnectionService } from './connection/connection.service.ts';
import { createDb, type Db } from './db.ts';
import { seedDemo } from './demo.ts';
import { billingPersonalData } from './privacy/personal-data.ts';
import { buildBillingSchema } from './schema.ts';
import { settleBill } from './settlement/settlement.service.ts';

export interface BillingDependencies extends SubgraphDependencies<BillingConfig> {
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export interface BillingApp extends SubgraphApp {
  /** The public keys that verify billing's payment requests. */
  readonly jwks: { readonly keys: JWK[] };
}

const migrationsDirectory = new URL('../../../prisma/billing/migrations', import.meta.url).pathname;

/** Builds the billing subgraph from its configuration: the only place that constructs its services. */
export async function createBillingApp(dependencies: BillingDependencies): Promise<BillingApp> {
  const { config, log, bus, transport, now = () => new Date() } = dependencies;
  const database = await openDatabase({
    url: config.database.url,
    migrationsDirectory,
    applicationName: 'billing',
    log,
  });
  const db = createDb(database.pool);
  if (config.demo.isEnabled) await seedDemo(db);
  const signer = await createPaymentRequestSigner('billing', config.paymentRequests.signingKey);
  const jwks = { keys: [signer.publicKey] };
  const store = createEventStore<Db>({ db, bus, log });
  const app = createSubgraphApp({
    name: 'billing',
    subgraph: await buildBillingSchema({
      bills: new BillService({ db, signer, now }),
      connections: new ConnectionService(db),
    }),
    database,
    log,
    consume: createEventConsumer(store, {
      'payment.captured': settleBill,
      ...createPrivacyHandlers(billingPersonalData),
    }),
    jobs: createDeliveryHandlers(transport),
    routes: createKeyRoute(jwks),
    close: () => db.$disconnect(),
  });
  return { ...app, jwks };
}

function createKeyRoute(jwks: BillingApp['jwks']): FastifyPluginAsync {
  return async (server) => {
    server.get('/.well-known/jwks.json', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(jwks),
    );
  };
}
