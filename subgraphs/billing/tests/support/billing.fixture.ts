import { type Actor, anonymous } from '@suvidha/auth';
import { loadConfig } from '@suvidha/config';
import { createPool } from '@suvidha/db';
import { createTestEnvironment, testDependencies, testIdentity } from '@suvidha/testing';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { Pool } from 'pg';
import { billingVariables, createBillingApp } from '../../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field
export type Json = any;

export type BillingApp = Awaited<ReturnType<typeof createBillingApp>>;

/** The whole subgraph on a database of its own. */
export interface BillingFixture extends AsyncDisposable {
  readonly app: BillingApp;
  /** To put rows there and to look into the database. */
  readonly pool: Pool;
  /** Executes as somebody; default: nobody is logged in. */
  execute(query: string, variables?: object, actor?: Actor): Promise<Json>;
}

export async function startBilling(): Promise<BillingFixture> {
  const config = loadConfig(billingVariables, {
    ...(await createTestEnvironment('billing')),
    BILLING_SIGNING_KEY: await createSigningKey(),
  });
  const app = await createBillingApp(testDependencies(config));
  const pool = createPool(config.database.url, { applicationName: 'test', max: 2 });
  return {
    app,
    pool,
    execute: (query, variables = {}, actor = anonymous) =>
      app.execute({ query, variables: { ...variables } }, testIdentity(actor)),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([app.stop(), pool.end()]);
    },
  };
}

async function createSigningKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
}
