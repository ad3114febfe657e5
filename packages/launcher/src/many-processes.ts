import { billingVariables } from '@suvidha/billing';
import { commerceVariables } from '@suvidha/commerce';
import { loadConfig } from '@suvidha/config';
import { gatewayVariables } from '@suvidha/gateway';
import { identityVariables } from '@suvidha/identity';
import { kycVariables } from '@suvidha/kyc';
import { createLog } from '@suvidha/log';
import { paymentsVariables } from '@suvidha/payments';
import type { Running } from '@suvidha/process';
import { subgraphNames, subgraphPorts } from '@suvidha/subgraph';
import { type Env, launcherVariables } from './config.ts';
import { loadAll } from './load-all.ts';
import { startRedis } from './redis.ts';
import { startService } from './service-process.ts';
import { startTogether } from './start-together.ts';
import { prepareSurroundings } from './surroundings.ts';

const root = new URL('../../../', import.meta.url);

/** The whole product as six processes and Redis, on one machine. */
export interface ManyProcesses extends Running {
  readonly url: string;
  readonly sandboxUrl: string | undefined;
}

/** Starts the gateway and each subgraph as its own process. */
export function startManyProcesses(env: Env): Promise<ManyProcesses> {
  const config = loadConfig(launcherVariables, env);
  const log = createLog({ service: 'suvidha', level: config.log.level });
  return startTogether(async (started) => {
    const surroundings = started(await prepareSurroundings(config, env, log));
    const redis = started(await startRedis(config));
    const serviceEnv = toServiceEnv({ ...surroundings.env, REDIS_URL: redis.url });
    const configs = loadParts(serviceEnv);
    for (const subgraph of await startSubgraphs(configs, serviceEnv, log)) started(subgraph);
    started(await startGatewayProcess(config.http.port, serviceEnv, log));
    await surroundings.sandbox?.sendWebhooksTo(configs.payments.services.payments);
    return { url: `http://localhost:${config.http.port}`, sandboxUrl: surroundings.sandbox?.url };
  });
}

function loadParts(env: Env) {
  return loadAll(env, {
    gateway: gatewayVariables,
    identity: identityVariables,
    kyc: kycVariables,
    billing: billingVariables,
    commerce: commerceVariables,
    payments: paymentsVariables,
  });
}

type Configs = ReturnType<typeof loadParts>;

/** On one machine a service's address follows from its port, unless the address is given. */
function toServiceEnv(env: Env): Env {
  const addresses = subgraphNames.flatMap((name) => {
    const port = env[`${name.toUpperCase()}_PORT`];
    return port ? [[`${name.toUpperCase()}_URL`, `http://127.0.0.1:${port}`]] : [];
  });
  const callbacks = {
    SOCIAL_CALLBACK_URL: `http://localhost:${env.IDENTITY_PORT ?? subgraphPorts.identity}`,
  };
  return { ...callbacks, ...Object.fromEntries(addresses), ...env };
}

/** They do not wait for one another: an event for one that is not there yet is delivered when it is. */
function startSubgraphs(
  configs: Configs,
  env: Env,
  log: Parameters<typeof startService>[1],
): Promise<Running[]> {
  return Promise.all(
    subgraphNames.map((name) =>
      startService(
        {
          name,
          script: new URL(`subgraphs/${name}/src/main.ts`, root).pathname,
          env,
          readyUrl: `http://127.0.0.1:${configs[name].http.port}/health/ready`,
        },
        log,
      ),
    ),
  );
}

function startGatewayProcess(
  port: number,
  env: Env,
  log: Parameters<typeof startService>[1],
): Promise<Running> {
  const script = new URL('gateway/src/main.ts', root).pathname;
  return startService(
    { name: 'gateway', script, env, readyUrl: `http://127.0.0.1:${port}/health/ready` },
    log,
  );
}
