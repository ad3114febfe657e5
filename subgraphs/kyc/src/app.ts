import {
  createDeliveryHandlers,
  createEventConsumer,
  createEventStore,
  createPrivacyHandlers,
} from '@suvidha/events';
import {
  createSubgraphApp,
  openDatabase,
  type SubgraphApp,
  type SubgraphDependencies,
} from '@suvidha/subgraph';
import type { KycConfig } from './config.ts';
import { createDb, type Db } from './db.ts';
import { seedDemo } from './demo.ts';
import { KycVerificationService } from './kyc-verification/kyc-verification.service.ts';
import { kycPersonalData } from './privacy/personal-data.ts';
import { buildKycSchema } from './schema.ts';

const migrationsDirectory = new URL('../../../prisma/kyc/migrations', import.meta.url).pathname;

/** Builds the KYC subgraph from its configuration: the only place that constructs its services. */
export async function createKycApp(dependencies: SubgraphDependencies<KycConfig>): Promise<SubgraphApp> {
  const { config, log, bus, transport } = dependencies;
  const database = await openDatabase({
    url: config.database.url,
    migrationsDirectory,
    applicationName: 'kyc',
    log,
  });
  const db = createDb(database.pool);
  if (config.demo.isEnabled) await seedDemo(db);
  return createSubgraphApp({
    name: 'kyc',
    subgraph: await buildKycSchema({ verifications: new KycVerificationService(db) }),
    database,
    log,
    consume: createEventConsumer(
      createEventStore<Db>({ db, bus, log }),
      createPrivacyHandlers(kycPersonalData),
    ),
    jobs: createDeliveryHandlers(transport),
    close: () => db.$disconnect(),
  });
}
