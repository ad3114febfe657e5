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
import { CartService } from './cart/cart.service.ts';
import type { CommerceConfig } from './config.ts';
import { createDb, type Db } from './db.ts';
import { seedDemo } from './demo.ts';
import { commercePersonalData } from './privacy/personal-data.ts';
import { ProductService } from './product/product.service.ts';
import { buildCommerceSchema } from './schema.ts';

const migrationsDirectory = new URL('../../../prisma/commerce/migrations', import.meta.url).pathname;

/** Builds the commerce subgraph from its configuration: the only place that constructs its services. */
export async function createCommerceApp(
  dependencies: SubgraphDependencies<CommerceConfig>,
): Promise<SubgraphApp> {
  const { config, log, bus, transport } = dependencies;
  const database = await openDatabase({
    url: config.database.url,
    migrationsDirectory,
    applicationName: 'commerce',
    log,
  });
  const db = createDb(database.pool);
  if (config.demo.isEnabled) await seedDemo(db);
  return createSubgraphApp({
    name: 'commerce',
    subgraph: await buildCommerceSchema({ products: new ProductService(db), carts: new CartService(db) }),
    database,
    log,
    consume: createEventConsumer(
      createEventStore<Db>({ db, bus, log }),
      createPrivacyHandlers(commercePersonalData),
    ),
    jobs: createDeliveryHandlers(transport),
    close: () => db.$disconnect(),
  });
}
