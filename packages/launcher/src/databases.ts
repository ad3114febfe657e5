import path from 'node:path';
import { ensureDatabase } from '@suvidha/db';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '@suvidha/embedded-postgres';
import type { Log } from '@suvidha/log';
import { StartError } from '@suvidha/process';
import { subgraphNames } from '@suvidha/subgraph';
import { databaseVariable, type Env, hasOwnDatabases, type LauncherConfig } from './config.ts';

export interface Databases {
  /** Address of each subgraph's database. */
  readonly env: Env;
  stop(): Promise<void>;
}

/** One database per subgraph: those the environment names, on the server it names, or on the embedded server. */
export async function openDatabases(config: LauncherConfig, env: Env, log: Log): Promise<Databases> {
  if (hasOwnDatabases(env)) return { env: {}, stop: async () => undefined };
  const { url } = config.database;
  if (url) return { env: await createDatabases((name) => onServer(url, name)), stop: async () => undefined };
  const server = await startEmbeddedPostgres({
    directory: path.resolve(config.data.directory, 'postgres'),
    log,
  }).catch((error: unknown) => {
    throw error instanceof EmbeddedPostgresError ? new StartError(error.message, { cause: error }) : error;
  });
  return { env: await createDatabases((name) => server.url(name)), stop: () => server.stop() };
}

async function createDatabases(urlOf: (name: string) => string): Promise<Env> {
  const urls = subgraphNames.map((name) => [databaseVariable(name), urlOf(name)] as const);
  for (const [, url] of urls) await ensureDatabase(url);
  return Object.fromEntries(urls);
}

function onServer(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
