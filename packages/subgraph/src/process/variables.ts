import { kinds, variable } from '@suvidha/config';
import { z } from 'zod';

/** Where each subgraph listens when it is a process of its own. */
export const subgraphPorts = {
  identity: 4001,
  kyc: 4002,
  billing: 4003,
  commerce: 4004,
  payments: 4005,
} as const;

export type SubgraphName = keyof typeof subgraphPorts;

export const subgraphNames = Object.keys(subgraphPorts) as SubgraphName[];

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** The variables that every subgraph process has. */
export function subgraphVariables(name: SubgraphName) {
  const prefix = name.toUpperCase();
  return {
    http: {
      port: variable(`${prefix}_PORT`, kinds.port.default(subgraphPorts[name]), {
        description: `Port of the ${name} subgraph.`,
        example: String(subgraphPorts[name]),
      }),
      host: variable('HOST', z.string().default('127.0.0.1'), {
        description: 'Address that processes listen on. In a container: 0.0.0.0.',
        example: '127.0.0.1',
      }),
    },
    database: {
      url: variable(`DATABASE_URL_${prefix}`, z.string().min(1), {
        description: `PostgreSQL database of the ${name} subgraph. Absent with npm start: the embedded server.`,
        example: `postgresql://suvidha@localhost:5432/${name}`,
      }),
    },
    internal: {
      secret: variable('INTERNAL_SECRET', z.string().min(32, 'must have at least 32 characters'), {
        description:
          'Secret that signs the identity in calls between our own processes; the same in all of them.',
      }),
    },
    redis: {
      url: variable('REDIS_URL', z.string().optional(), {
        description: 'Redis or Valkey for live events. Absent: live events stay in the process.',
        example: 'redis://127.0.0.1:6379',
      }),
    },
    services: Object.fromEntries(subgraphNames.map((service) => [service, serviceUrl(service)])) as Record<
      SubgraphName,
      ReturnType<typeof serviceUrl>
    >,
    demo: {
      isEnabled: variable('SUVIDHA_DEMO', flag, {
        description: 'Whether to fill empty databases with demo data. npm start switches it on.',
        example: 'true',
      }),
    },
    log: {
      level: variable('LOG_LEVEL', kinds.logLevel, {
        description: 'Least severe entry that is logged: silent, fatal, error, warn, info, debug or trace.',
        example: 'info',
      }),
    },
  };
}

export function serviceUrl(name: SubgraphName) {
  return variable(`${name.toUpperCase()}_URL`, kinds.url.default(`http://127.0.0.1:${subgraphPorts[name]}`), {
    description: `Address of the ${name} subgraph for the gateway and for event delivery.`,
    example: `http://127.0.0.1:${subgraphPorts[name]}`,
  });
}
