import { readFile } from 'node:fs/promises';
import { createAccessTokenVerifier } from '@suvidha/auth';
import { billingVariables, createBillingApp } from '@suvidha/billing';
import { commerceVariables, createCommerceApp } from '@suvidha/commerce';
import { loadConfig } from '@suvidha/config';
import { createInProcessBus, type EventTransport } from '@suvidha/events';
import {
  connectInProcess,
  fixedSupergraph,
  type Gateway,
  type RevocationSource,
  startGateway,
} from '@suvidha/gateway';
import { createIdentityApp, identityVariables } from '@suvidha/identity';
import { createKycApp, kycVariables } from '@suvidha/kyc';
import { createLog, type Log } from '@suvidha/log';
import { createPaymentsApp, paymentsVariables } from '@suvidha/payments';
import type { Running } from '@suvidha/process';
import type { SubgraphApp } from '@suvidha/subgraph';
import { createLocalJWKSet } from 'jose';
import { type Env, type LauncherConfig, launcherVariables } from './config.ts';
import { loadAll } from './load-all.ts';
import { type Started, startTogether } from './start-together.ts';
import { prepareSurroundings } from './surroundings.ts';

const supergraphFile = new URL('../../../schema/supergraph.graphql', import.meta.url);

/** The whole product in one process. */
export interface OneProcess extends Running {
  readonly url: string;
  readonly sandboxUrl: string | undefined;
}

/** Starts everything on one machine: databases, sandbox, subgraphs, gateway. */
export function startOneProcess(env: Env): Promise<OneProcess> {
  const config = loadConfig(launcherVariables, env);
  const log = createLog({ service: 'suvidha', level: config.log.level });
  return startTogether(async (started) => {
    const surroundings = started(await prepareSurroundings(config, env, log));
    const origin = `http://localhost:${config.http.port}`;
    const pages = { SOCIAL_CALLBACK_URL: origin, PAYMENTS_PUBLIC_URL: `${origin}/payments` };
    const apps = await createApps({ ...pages, ...surroundings.env }, log, started);
    const { http } = loadConfig({ http: launcherVariables.http }, surroundings.env);
    const gateway = started(await startOwnGateway(http, apps, log));
    await surroundings.sandbox?.sendWebhooksTo(`${gateway.url}/payments`);
    for (const app of apps.all) await app.start();
    return { url: gateway.url, sandboxUrl: surroundings.sandbox?.url };
  });
}

interface Apps {
  readonly identity: Awaited<ReturnType<typeof createIdentityApp>>;
  readonly payments: SubgraphApp;
  readonly all: readonly SubgraphApp[];
}

async function createApps(env: Env, log: Log, started: Started): Promise<Apps> {
  const configs = loadAll(env, {
    identity: identityVariables,
    kyc: kycVariables,
    billing: billingVariables,
    commerce: commerceVariables,
    payments: paymentsVariables,
  });
  const byName = new Map<string, SubgraphApp>();
  const shared = { log, bus: createInProcessBus(), transport: createDirectTransport(byName) };
  const add = <App extends SubgraphApp>(app: App): App => {
    byName.set(app.name, app);
    return started(app);
  };
  const identity = add(await createIdentityApp({ config: configs.identity, ...shared }));
  add(await createKycApp({ config: configs.kyc, ...shared }));
  const billing = add(await createBillingApp({ config: configs.billing, ...shared }));
  add(await createCommerceApp({ config: configs.commerce, ...shared }));
  const paymentRequestKeys = { billing: createLocalJWKSet(billing.jwks) };
  const payments = add(await createPaymentsApp({ config: configs.payments, ...shared, paymentRequestKeys }));
  return { identity, payments, all: [...byName.values()] };
}

/** Calls the consumer: the job that delivers is done when the consumer has committed. */
function createDirectTransport(apps: ReadonlyMap<string, SubgraphApp>): EventTransport {
  return async (consumer, event) => {
    const app = apps.get(consumer);
    if (!app) throw new Error(`an event is addressed to ${consumer}, which is not there`);
    await app.consume(event);
  };
}

async function startOwnGateway(http: LauncherConfig['http'], apps: Apps, log: Log): Promise<Gateway> {
  const subgraphs = new Map(apps.all.map((app) => [app.name, app]));
  return startGateway({
    supergraph: fixedSupergraph(await readFile(supergraphFile, 'utf8')),
    connect: ({ name }) => {
      const subgraph = subgraphs.get(name);
      if (!subgraph) throw new Error(`the supergraph names ${name}, which is not there`);
      return connectInProcess(subgraph);
    },
    verifyToken: createAccessTokenVerifier(apps.identity.verificationKey),
    revocations: toRevocationSource(apps.identity.revocations),
    isOwnGraph: true,
    routes: [
      { prefix: '/', plugin: apps.identity.routes },
      { prefix: '/payments', plugin: apps.payments.routes },
    ],
    ...http,
    log,
  });
}

/** What identity's HTTP endpoint would answer, without the way there. */
function toRevocationSource(feed: Apps['identity']['revocations']): RevocationSource {
  return {
    read: async (since) => {
      const { revocations, cursor } = await feed.read(since);
      return {
        revocations: revocations.map((one) => ({ ...one, notBefore: new Date(one.notBefore) })),
        cursor,
      };
    },
  };
}
