import type { Log } from '@suvidha/log';
import type { Env, LauncherConfig } from './config.ts';
import { type Databases, openDatabases } from './databases.ts';
import { type DemoSandbox, startDemoSandbox } from './demo-sandbox.ts';
import { loadDemoSecrets } from './demo-secrets.ts';

/** What the product stands on: databases and, in a demo, the sandbox and secrets. */
export interface Surroundings {
  /** The environment of the product's parts: what was given, over what a demo makes up. */
  readonly env: Env;
  /** Absent in production. */
  readonly sandbox: DemoSandbox | undefined;
  stop(): Promise<void>;
}

/** Starts what is missing. In production only databases that the environment names are used and nothing is made up. */
export async function prepareSurroundings(config: LauncherConfig, env: Env, log: Log): Promise<Surroundings> {
  if (config.mode.name === 'production') return { env, sandbox: undefined, stop: async () => undefined };
  const secrets = await loadDemoSecrets(config.data.directory);
  const sandbox = await startDemoSandbox(config);
  const databases = await openDatabases(config, env, log).catch(async (error: unknown) => {
    await sandbox.stop();
    throw error;
  });
  return {
    env: {
      SUVIDHA_DEMO: 'true',
      ...toAddresses(config),
      ...secrets,
      ...sandbox.env,
      ...databases.env,
      ...withoutEmpty(env),
    },
    sandbox,
    stop: () => stopAll(sandbox, databases),
  };
}

/**
 * In a demo the gateway is also what links in mails lead to: there is no other web site. One that is being developed on
 * this machine may call.
 */
function toAddresses({ http }: LauncherConfig): Env {
  const url = `http://localhost:${http.port}`;
  return { PUBLIC_URL: url, WEB_APP_URL: url, ALLOWED_ORIGINS: 'http://localhost:*,http://127.0.0.1:*' };
}

async function stopAll(sandbox: DemoSandbox, databases: Databases): Promise<void> {
  await databases.stop();
  await sandbox.stop();
}

function withoutEmpty(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}
