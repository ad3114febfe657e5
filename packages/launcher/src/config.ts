import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { gatewayVariables } from '@suvidha/gateway';
import { subgraphNames } from '@suvidha/subgraph';
import { z } from 'zod';

const optional = z.string().optional();

/** What starting the whole product reads, besides what its parts read. */
export const launcherVariables = {
  mode: {
    name: variable('NODE_ENV', z.enum(['development', 'production', 'test']).default('development'), {
      description:
        'In production nothing is made up: every secret and database must be given, and the sandbox is off.',
      example: 'development',
    }),
  },
  http: gatewayVariables.http,
  log: gatewayVariables.log,
  data: {
    directory: variable('SUVIDHA_DATA_DIR', z.string().default('.data'), {
      description: 'Folder for the embedded database and the demo secrets.',
      example: '.data',
    }),
  },
  database: {
    url: variable('DATABASE_URL', optional, {
      description:
        'PostgreSQL server for all databases; each subgraph gets one by its name. Absent: the embedded server.',
      example: 'postgresql://suvidha@localhost:5432/postgres',
    }),
  },
  sandbox: {
    port: variable('SANDBOX_PORT', kinds.port.default(4900), {
      description: 'Port of the provider sandbox.',
      example: '4900',
    }),
    url: variable('SANDBOX_URL', kinds.url.optional(), {
      description: 'Address of a provider sandbox that runs already. Absent: one is started.',
      example: 'http://localhost:4900',
    }),
  },
  redis: {
    url: variable('REDIS_URL', optional, {
      description: 'Redis or Valkey for live events. Absent: live events stay in the process.',
      example: 'redis://127.0.0.1:6379',
    }),
  },
};

export type LauncherConfig = ConfigOf<typeof launcherVariables>;

export type Env = Readonly<Record<string, string | undefined>>;

/** The variable that names the database of a subgraph. */
export function databaseVariable(subgraph: string): string {
  return `DATABASE_URL_${subgraph.toUpperCase()}`;
}

export function hasOwnDatabases(env: Env): boolean {
  return subgraphNames.every((name) => env[databaseVariable(name)]);
}
