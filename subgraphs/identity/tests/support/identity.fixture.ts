import { randomBytes } from 'node:crypto';
import { type Actor, anonymous, type ClientInfo } from '@suvidha/auth';
import { loadConfig } from '@suvidha/config';
import { createPool } from '@suvidha/db';
import { createLog } from '@suvidha/log';
import { createSandbox, type Sandbox } from '@suvidha/sandbox';
import { createTestEnvironment, testDependencies, testIdentity } from '@suvidha/testing';
import type { Pool } from 'pg';
import { createIdentityApp, type IdentityConfig, identityVariables } from '../../src/index.ts';
import { TestClock } from './test-clock.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field
export type Json = any;

export type IdentityApp = Awaited<ReturnType<typeof createIdentityApp>>;

/** The whole subgraph on a database of its own, between a clock that stands still and imitated vendors. */
export interface IdentityFixture extends AsyncDisposable {
  readonly app: IdentityApp;
  readonly config: IdentityConfig;
  readonly sandbox: Sandbox;
  readonly clock: TestClock;
  /** To look into the database. */
  readonly pool: Pool;
  /** Everything that was logged, as text. */
  logged(): string;
  readonly execute: Execute;
}

/** Executes as somebody, from somewhere; default: nobody is logged in, and nobody knows where. */
export type Execute = (
  query: string,
  variables?: object,
  actor?: Actor,
  client?: ClientInfo,
) => Promise<Json>;

export function createExecute(app: IdentityApp): Execute {
  return (query, variables = {}, actor = anonymous, client = {}) =>
    app.execute({ query, variables: { ...variables } }, { ...testIdentity(actor), client });
}

async function startSandbox(): Promise<Sandbox> {
  return createSandbox({
    port: 0,
    razorpay: { keyId: 'unused', keySecret: 'unused', webhookSecret: 'unused' },
    twilio,
  });
}

const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'a token that only tests know' };

async function loadTestConfig(sandbox: Sandbox, env: Record<string, string>): Promise<IdentityConfig> {
  return loadConfig(identityVariables, {
    ...(await createTestEnvironment('identity')),
    // Cheap: what it costs to hash a password is not what these tests are about.
    PASSWORD_HASH_MEMORY_KIB: '1024',
    PASSWORD_HASH_PASSES: '1',
    ...env,
    MASTER_KEY: randomBytes(32).toString('base64'),
    TWILIO_BASE_URL: `${sandbox.url}/twilio`,
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM: '+15005550006',
    SMTP_URL: `smtp://127.0.0.1:${sandbox.smtpPort}`,
    MAIL_FROM: 'Suvidha <no-reply@example.com>',
  });
}

export interface FixtureOptions {
  /** Whether jobs run; default true. Without, they stay in the job table to be looked at. */
  readonly isStarted?: boolean;
  /** Further variables; those that name the sandbox are made when it is there. */
  readonly env?: Record<string, string> | ((sandbox: Sandbox) => Promise<Record<string, string>>);
}

export async function startIdentity({
  isStarted = true,
  env = {},
}: FixtureOptions = {}): Promise<IdentityFixture> {
  const sandbox = await startSandbox();
  const config = await loadTestConfig(sandbox, typeof env === 'function' ? await env(sandbox) : env);
  const clock = new TestClock();
  const lines: string[] = [];
  const log = createLog({
    service: 'test',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  const app = await createIdentityApp({ ...testDependencies(config), log, now: clock.now });
  if (isStarted) await app.start();
  const pool = createPool(config.database.url, { applicationName: 'test', max: 2 });
  return {
    app,
    config,
    sandbox,
    clock,
    pool,
    logged: () => lines.join(''),
    execute: createExecute(app),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([app.stop(), pool.end()]);
      await sandbox.close();
    },
  };
}
